/**
 * SIGKILL in the middle of a plan of subtasks, with the real client: what was judged is not done again, a subtask that was
 * cut off goes on, nothing runs twice at once, and one proposal comes of it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { livingContext, type Reply, say, use } from '../../cli/demo/model-reply.ts';
import type { Turn } from '../../cli/demo/model-turn.ts';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix, type Overrides, type Scene } from '../../cli/demo/play.ts';
import { subtasksOf } from '../../store/plans.ts';
import { type Run, runsOf } from '../../store/runs.ts';
import { openState } from '../../store/state-db.ts';
import { expectUntouched, heal } from './healed.ts';
import { calls, inWorktree, UNVERIFIED } from './plays/acts.ts';
import { endProcess, type RunningProduct, type Stage, setStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.remove());

const [EDIT] = ORDERS_PART.edits;
const [TEST] = ORDERS_PART.tests;
if (!EDIT || !TEST) throw new Error('the part has an edit and a test');
const TITLES = ['the reproduction', 'the guard', 'the notes'] as const;
type Title = (typeof TITLES)[number];
const criterion = (id: string, path: string, text: string) => ({ id, file_contains: { path, text } });
const NOTES = 'test/notes.test.js';
const PLAN = [
  {
    title: TITLES[0],
    goal: 'a test fails as production did',
    files: [TEST.file],
    depends_on: [],
    criteria: [criterion('test', TEST.file, 'answers 401')],
  },
  {
    title: TITLES[1],
    goal: 'a session that is not found is answered with 401',
    files: [EDIT.file],
    depends_on: [TITLES[0]],
    criteria: [criterion('guarded', EDIT.file, 'HttpError(401')],
  },
  {
    title: TITLES[2],
    goal: 'another test',
    files: [NOTES],
    depends_on: [TITLES[1]],
    criteria: [{ id: 'there', file_exists: NOTES }],
  },
];

const NOTHING: Overrides = { read: null, test: null, scenario: null, fix: null, ...UNVERIFIED };
const NOTES_TEST = `import assert from 'node:assert/strict';
import { it } from 'node:test';

it('adds up', () => assert.equal(1 + 1, 2));
`;
const writes = (file: string, content: string) => (scene: Scene) =>
  existsSync(scene.at(file))
    ? read(file)(scene)
    : use({ name: 'Write', input: { file_path: scene.at(file), content } });
const read = (file: string) => (scene: Scene) => use({ name: 'Read', input: { file_path: scene.at(file) } });
/** Each finds what an earlier run of it has done. */
const PARTS: Record<Title, Overrides> = {
  'the reproduction': { ...NOTHING, test: writes(TEST.file, TEST.text), scenario: undefined } as Overrides,
  'the guard': {
    ...NOTHING,
    read: read(EDIT.file),
    fix: (scene) =>
      readFileSync(scene.at(EDIT.file), 'utf8').includes(EDIT.put)
        ? read(EDIT.file)(scene)
        : use({ name: 'Edit', input: { file_path: scene.at(EDIT.file), old_string: EDIT.find, new_string: EDIT.put } }),
    after: { fix: calls(inWorktree('git status --short')) },
  },
  'the notes': { ...NOTHING, test: writes(NOTES, NOTES_TEST) },
};
/** The step of the guard's run that follows its edit. */
const GUARD_IS_MADE = 3;

type Moment = 'plan' | Title | undefined;
const taskOf = ({ messages }: Turn) => JSON.stringify(messages.find(({ role }) => role === 'user')?.content ?? '');
function momentOf(turn: Turn): Moment {
  const task = taskOf(turn);
  if (turn.agent !== 'self-healing') return undefined;
  if (task.includes('Make a plan for incident')) return 'plan';
  return TITLES.find((one) => new RegExp(`- title: \\\\+"${one}`).test(task));
}

const honest = honestFix(ORDERS_PART);
const nothing = honestFix(ORDERS_PART, { ...NOTHING, close: () => say('I could not do it.') });
const planning = honestFix(ORDERS_PART, {
  ...NOTHING,
  propose: ({ incident }) => use(livingContext('record_plan', { incident, subtasks: PLAN })),
  close: () => say('The plan is recorded.'),
});

/** It does nothing of the whole, then plans and does the parts; `before` is done before it answers. */
function player(before: (moment: Moment, step: number) => unknown = () => {}) {
  return async (turn: Turn): Promise<Reply> => {
    const moment = momentOf(turn);
    await before(moment, turn.step);
    if (turn.agent !== 'self-healing') return honest(turn);
    if (moment === 'plan') return planning(turn);
    if (moment === undefined) return nothing(turn);
    return honestFix(ORDERS_PART, { ...PARTS[moment], close: () => say('Done.') })(turn);
  };
}

/** Once, when a run is at this step, or when the command has written this. */
interface Death {
  name: string;
  turn?: [Moment, number];
  output?: string;
  /** Which subtasks runs were started for, in both processes together. */
  runs: Title[];
}

const [FIRST, SECOND, THIRD] = TITLES;
const DEATHS: Death[] = [
  { name: 'once the plan is recorded', turn: ['plan', 2], runs: [FIRST, SECOND, THIRD] },
  { name: 'between two subtasks', output: 'Done: subtask 1 of 3', runs: [FIRST, SECOND, THIRD] },
  { name: 'inside a subtask, after its edit', turn: [SECOND, GUARD_IS_MADE], runs: [FIRST, SECOND, SECOND, THIRD] },
  { name: 'after the last one, before the whole is judged', output: 'Now the whole', runs: [FIRST, SECOND, THIRD] },
];
const TOKEN = 'a-token-of-the-test';
const CONFIG = 'recovery: { corrective_retries: 0 }';
/** Six verifications, most of them of parts. */
const TIMEOUT = { timeout: 900_000 };

/** Runs of the fixing agent, once every subtask is done. */
function fixRuns(incident: string): Run[] {
  const db = openState(stage.root);
  try {
    const plan = subtasksOf(db, incident, 1).map(({ subtask, state }) => [(subtask as { title: string }).title, state]);
    expect(plan).toEqual(TITLES.map((title) => [title, 'done']));
    return runsOf(db, incident).filter(({ phase }) => phase === 'fix');
  } finally {
    db.close();
  }
}

async function expectOneProposal(incident: string): Promise<void> {
  const branch = `hotfix/auto-${incident.slice(4)}`;
  expect(await stage.git(['for-each-ref', '--format=%(refname:short)', 'refs/heads'], stage.origin)).toBe(
    [branch, 'main'].join('\n'),
  );
  expect(await stage.git(['rev-list', '--count', `main..${branch}`], stage.origin)).toBe('1');
  expect(await stage.git(['show', `${branch}:${EDIT?.file}`], stage.origin)).toContain('HttpError(401');
  await expectUntouched(stage);
  for (let tries = 0; tries < 50 && (await stage.processes()).length > 0; tries++) await wait(100);
  expect(await stage.processes()).toEqual([]);
  expect(await stage.git(['worktree', 'list', '--porcelain'])).not.toContain('hotfix/auto-');
}

const clients = async () => (await stage.processes()).filter(({ command }) => /(^|\/)claude -p /.test(`${command} `));

async function waitUntil(is: () => boolean, said: () => string): Promise<void> {
  for (let tries = 0; tries < 8000 && !is(); tries++) await wait(100);
  if (!is()) throw new Error(said());
}

async function send(url: string): Promise<string> {
  const log = readFileSync(stage.logFile, 'utf8');
  const stack = log.slice(log.indexOf('TypeError:')).slice(0, 1500);
  const [, message = ''] = /^TypeError: (.*)$/m.exec(stack) ?? [];
  const answer = await fetch(`${url}/intake/generic`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ type: 'TypeError', message, stack, service: 'orders' }),
  });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { incidents: string[] }).incidents[0] ?? '';
}

/** The titles that runs were started for, as the model was asked. */
const asked = (moments: Moment[]) => moments.filter((moment): moment is Title => TITLES.some((one) => one === moment));

describe('SIGKILL of heal in a plan', TIMEOUT, () => {
  it.each(DEATHS)('$name: the next heal goes on with it and proposes once', async ({ turn, output, runs }) => {
    stage = await setStage('node-orders', { origin: true, config: CONFIG });
    let first: RunningProduct | undefined;
    const begun: Moment[] = [];
    let said = '';
    first = await stage.start(
      ['heal', '--error', stage.logFile, '--yes'],
      player((moment, step) => {
        if (step === 0) begun.push(moment);
        if (turn && moment === turn[0] && step === turn[1]) first?.kill('SIGKILL');
      }),
      {
        timeoutMs: 400_000,
        onOutput: (text) => {
          said += text;
          if (output !== undefined && said.includes(output)) first?.kill('SIGKILL');
        },
      },
    );
    expect((await first.done).signal, said).toBe('SIGKILL');
    await expectUntouched(stage);
    const healed = await heal(
      stage,
      player((moment, step) => {
        if (step === 0) begun.push(moment);
      }),
      ['--error', stage.logFile, '--yes'],
      {},
      '',
      400_000,
    );
    expect(healed.result, healed.stderr).toMatchObject({ status: 'proposed', verdict: 'pass', round: 1 });
    expect(asked(begun)).toEqual(runs);
    expect(begun.filter((moment) => moment === 'plan')).toHaveLength(1);
    expect(fixRuns(healed.result.incident).every(({ ended_at }) => ended_at !== null)).toBe(true);
    await expectOneProposal(healed.result.incident);
  });
});

describe('SIGKILL of serve in a plan', TIMEOUT, () => {
  it('inside a subtask: the next serve ends what was left, and goes on with it in the same round', async () => {
    const config = `${CONFIG}\nintake: { settle: 100ms, min_severity: low }\napproval: { publish: auto }`;
    stage = await setStage('node-orders', { origin: true, config });
    let serve: RunningProduct | undefined;
    const begun: Moment[] = [];
    let most = 0;
    const script = player(async (moment, step) => {
      if (step === 0) begun.push(moment);
      const isFirst = begun.filter((one) => one === SECOND).length === 1;
      if (moment === SECOND && step === GUARD_IS_MADE && isFirst) serve?.kill('SIGKILL');
      else most = Math.max(most, (await clients()).length);
    });
    const start = async () => {
      let said = '';
      const running = await stage.start(['serve', '--port', '0'], script, {
        env: { GENERIC_TOKEN: TOKEN },
        timeoutMs: 800_000,
        onOutput: (text) => (said += text),
      });
      return {
        running,
        said: () => said,
        until: (text: string) =>
          waitUntil(
            () => said.includes(text),
            () => said,
          ),
      };
    };
    const first = await start();
    serve = first.running;
    await first.until('Ready: ');
    const incident = await send(/http:\/\/[\d.:]+/.exec(first.said())?.[0] ?? '');
    expect((await first.running.done).signal, first.said()).toBe('SIGKILL');
    await expectUntouched(stage);
    const second = await start();
    await second.until('"event":"run_ended"');
    second.running.kill('SIGTERM');
    expect((await second.running.done).exit, second.said()).toBe(0);
    expect(second.said()).toContain('"status":"proposed"');
    expect(asked(begun)).toEqual([FIRST, SECOND, SECOND, THIRD]);
    expect(most).toBe(1);
    expect(fixRuns(incident).every(({ ended_at }) => ended_at !== null)).toBe(true);
    await expectOneProposal(incident);
  });
});

describe('SIGKILL of the client in a plan', TIMEOUT, () => {
  it('is a subtask that failed: it is judged by what it left, and the same heal goes on', async () => {
    stage = await setStage('node-orders', { origin: true, config: CONFIG });
    let killed = 0;
    const healed = await heal(
      stage,
      player(async (moment, step) => {
        if (killed > 0 || moment !== SECOND || step !== GUARD_IS_MADE) return;
        const victims = await clients();
        killed = victims.length;
        for (const { pid } of victims) endProcess(pid);
      }),
      ['--error', stage.logFile, '--yes'],
      {},
      '',
      400_000,
    );
    expect(killed).toBe(1);
    expect(healed.result, healed.stderr).toMatchObject({ status: 'proposed', verdict: 'pass', round: 1 });
    const runs = fixRuns(healed.result.incident);
    expect(runs.map(({ part, failure_mode }) => [part, failure_mode])).toEqual([
      [null, null],
      ['plan', null],
      ['subtask', null],
      ['subtask', 'crash'],
      ['subtask', null],
    ]);
    await expectOneProposal(healed.result.incident);
  });
});
