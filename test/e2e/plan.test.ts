/** A task that fails as a whole, with the real client: a loop, a retry in a new session, a plan, and its parts. */
import { afterEach, describe, expect, it } from 'vitest';
import { bash, livingContext, type Reply, say, use } from '../../cli/demo/model-reply.ts';
import type { Turn } from '../../cli/demo/model-turn.ts';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix, type Overrides, type Scene } from '../../cli/demo/play.ts';
import { runsOf } from '../../store/runs.ts';
import { openState } from '../../store/state-db.ts';
import { expectUntouched, heal } from './healed.ts';
import { fixBy, inWorktree, UNVERIFIED } from './plays/acts.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.remove());

const RED = 'node --test test/expired-session.test.js';
const [EDIT] = ORDERS_PART.edits;
const SOURCE = EDIT?.file ?? '';
const TITLES = ['the reproduction', 'the guard', 'the lesson'] as const;
type Title = (typeof TITLES)[number];
const criterion = (id: string, path: string, text: string) => ({ id, file_contains: { path, text } });
const PLAN = [
  {
    title: 'the guard',
    goal: 'a session that is not found is answered with 401',
    files: [SOURCE],
    depends_on: ['the reproduction'],
    criteria: [criterion('guarded', SOURCE, 'HttpError(401')],
  },
  {
    title: 'the reproduction',
    goal: 'a test fails as production did',
    files: ['test/expired-session.test.js'],
    depends_on: [],
    criteria: [criterion('test', 'test/expired-session.test.js', 'answers 401')],
  },
  {
    title: 'the lesson',
    goal: 'the memory knows of it',
    files: ['test/expired-session.test.js'],
    depends_on: [],
    criteria: [{ id: 'lesson', file_exists: '.self-healing/incidents.yaml' }],
  },
];

const NOTHING: Overrides = { read: null, test: null, scenario: null, fix: null, ...UNVERIFIED };
const verifies = ({ incident }: Scene): Reply => use(livingContext('verify_fix', { incident }));
const PARTS: Record<Title, Overrides> = {
  'the reproduction': { ...NOTHING, test: undefined, scenario: undefined, verify: verifies } as Overrides,
  'the guard': { ...NOTHING, read: undefined, fix: undefined, verify: verifies } as Overrides,
  'the lesson': { ...NOTHING, lesson: undefined, verify: verifies } as Overrides,
};

/** The task of the conversation: every run of a plan is one of its own. */
const taskOf = ({ messages }: Turn) => JSON.stringify(messages.find(({ role }) => role === 'user')?.content ?? '');

/** It loops, then changes the wrong thing, then plans; `parts` are what it does for each subtask. */
function player(parts: Record<Title, Overrides>) {
  const sameTest = (scene: Scene) => use(inWorktree(RED)(scene));
  const looping = honestFix(ORDERS_PART, {
    ...UNVERIFIED,
    after: { test: Array.from({ length: 12 }, () => sameTest) },
  });
  const wrong = honestFix(ORDERS_PART, {
    ...NOTHING,
    fix: (scene) => use(bash(`cd '${scene.worktree}' && git status`)),
  });
  const planning = honestFix(ORDERS_PART, {
    ...NOTHING,
    verify: verifies,
    propose: ({ incident }) => use(livingContext('record_plan', { incident, subtasks: PLAN })),
    close: () => say('The plan is recorded.'),
  });
  const honest = honestFix(ORDERS_PART);
  return (turn: Turn): Reply => {
    if (turn.agent !== 'self-healing') return honest(turn);
    const task = taskOf(turn);
    if (task.includes('Make a plan for incident')) return planning(turn);
    const title = TITLES.find(
      (one) => task.includes(`- title: \\"${one}\\"`) || task.includes(`- title: \\\\\\"${one}`),
    );
    if (title !== undefined) return honestFix(ORDERS_PART, { ...parts[title], close: () => say('Done.') })(turn);
    return (task.includes('Failure mode: loop') ? wrong : looping)(turn);
  };
}

const ONE_RETRY = { config: 'recovery: { corrective_retries: 1 }', origin: true };
/** Eight verifications, most of them of parts. */
const TIMEOUT = { timeout: 600_000 };
const healInParts = (parts: Record<Title, Overrides>) =>
  heal(stage, player(parts), ['--error', stage.logFile, '--yes'], {}, '', 580_000);

describe('a task that fails as a whole', TIMEOUT, () => {
  it('is retried in a new session, planned, done in three runs, and proposed as one commit', async () => {
    stage = await setStage('node-orders', ONE_RETRY);
    const healed = await healInParts(PARTS);
    expect(healed.result, healed.stderr).toMatchObject({ status: 'proposed', verdict: 'pass', attempts: 6 });
    const db = openState(stage.root);
    try {
      const runs = runsOf(db, healed.result.incident).filter(({ phase }) => phase === 'fix');
      expect(runs.map(({ part, failure_mode }) => [part, failure_mode])).toEqual([
        [null, 'loop'],
        [null, null],
        ['plan', null],
        ['subtask', null],
        ['subtask', null],
        ['subtask', null],
      ]);
      expect(new Set(runs.map(({ session_id }) => session_id)).size).toBe(6);
    } finally {
      db.close();
    }
    const results = healed.requests.flatMap(({ turn }) => turn.lastToolResults);
    expect(results.filter((text) => text.includes('This run makes a plan; nothing is verified in it'))).toHaveLength(1);
    expect(
      results.filter((text) => text.includes('"order":["the reproduction","the lesson","the guard"]')),
    ).toHaveLength(1);
    const verdicts = results.filter((text) => text.startsWith('{"verdict"')).map((text) => JSON.parse(text));
    expect(verdicts.map(({ verdict, checks }) => [verdict, checks.reproduction.status])).toEqual(
      TITLES.map(() => ['pass', 'skipped']),
    );
    expect(verdicts[0].criteria).toMatchObject([{ id: 'test', met: true }]);
    const branch = `hotfix/auto-${healed.result.incident.slice(4)}`;
    expect(await stage.git(['rev-list', '--count', `main..${branch}`], stage.origin)).toBe('1');
    expect(healed.report).toMatch(/\| 3 \| `the guard` \| done \|/);
    await expectUntouched(stage);
  });

  it('is handed over with its table where one subtask fails, which is taken back', async () => {
    stage = await setStage('node-orders', ONE_RETRY);
    const breaking = { ...PARTS['the guard'], ...fixBy([SOURCE, 'HttpError(403', 'HttpError(404']) };
    const healed = await healInParts({ ...PARTS, 'the guard': breaking });
    expect(healed.result, healed.stderr).toMatchObject({
      status: 'escalated',
      failure_mode: 'verification',
      attempts: 6,
      why: expect.stringContaining('2 of 3 subtasks of the plan are done ("the guard" failed).'),
    });
    expect(healed.exit).toBe(3);
    expect(healed.report).toMatch(/\| 3 \| `the guard` \| \*\*failed\*\* \| verification: .*scenarios\.failed/);
    expect(healed.report).toContain('Taken back, of subtask 3');
    expect(healed.report).toContain('reproduction.still_red');
    await expectUntouched(stage);
  });
});
