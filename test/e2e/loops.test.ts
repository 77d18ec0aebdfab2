/** Runs that go in circles or keep leaving their scope: what the agent is told, how they end, and who is left alone. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bash, type Reply, say, type ToolCall, use } from '../../cli/demo/model-reply.ts';
import type { Turn } from '../../cli/demo/model-turn.ts';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix, type Scene } from '../../cli/demo/play.ts';
import { type LoopRule, RULES } from '../../hooks/rules.ts';
import { loopStateOf, stoppedRun } from '../../store/loop-states.ts';
import { runsOf } from '../../store/runs.ts';
import { openState } from '../../store/state-db.ts';
import { lastSteps } from '../../store/steps.ts';
import { expectUntouched, heal } from './healed.ts';
import { inWorktree, tool, UNVERIFIED, write } from './plays/acts.ts';
import { type ClientRun, runClient } from './run-client.ts';
import { sessionWith } from './session-play.ts';
import { endProcess, PLUGIN, type Stage, setStage } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.remove();
  stage = undefined;
});

type Act = (scene: Scene) => Reply;
const again = (count: number, act: Act): Act[] => Array.from({ length: count }, () => act);
const RED = 'node --test test/expired-session.test.js';
const sameTest: Act = (scene) => use(inWorktree(RED)(scene));
/** It only announces what it is going to do. */
const talk = again(3, () => say('I shall look at the lookup of the session next.'));
/** Each another thing that it may not do, so that nothing repeats. */
const outside: Act[] = [
  write('src/helper.js', 'x'),
  inWorktree('git push nowhere HEAD'),
  write('.github/workflows/ci.yml', 'on: push'),
  inWorktree('git config core.hooksPath x'),
  bashAt('kill -9 1'),
  write('.self-healing/invariants.yaml', 'x'),
  inWorktree('rm src/app.js'),
  inWorktree('echo x > src/index.js'),
  inWorktree('gh pr create --fill'),
].map((call) => (scene) => use(call(scene)));
function bashAt(command: string) {
  return () => bash(command);
}
const said = ({ messages }: Turn) => JSON.stringify(messages);
const results = ({ requests }: Pick<ClientRun, 'requests'>) => requests.flatMap(({ turn }) => turn.lastToolResults);
const told = ({ requests }: Pick<ClientRun, 'requests'>) => requests.map(({ turn }) => turn.told);

describe('a headless run', () => {
  it('is advised, stopped and ended in a loop and in a drift, and the next attempt begins anew and knows of it', async () => {
    stage = await setStage('node-orders', { origin: true });
    const looping = honestFix(ORDERS_PART, { ...UNVERIFIED, after: { test: again(12, sameTest) } });
    const drifting = honestFix(ORDERS_PART, { ...UNVERIFIED, test: null, after: { read: [...talk, ...outside] } });
    const honest = honestFix(ORDERS_PART, { ...UNVERIFIED, after: { test: [sameTest] } });
    const healed = await heal(
      stage,
      (turn) => {
        if (turn.agent !== 'self-healing') return honest(turn);
        const tried = /Failure mode: (\w+)/.exec(said(turn))?.[1];
        return (tried === undefined ? looping : tried === 'loop' ? drifting : honest)(turn);
      },
      ['--error', stage.logFile],
    );
    expect(healed.result).toMatchObject({ status: 'awaiting_publish', verdict: 'pass', attempts: 3 });

    const fixer = healed.requests.filter(({ turn }) => turn.agent === 'self-healing');
    const advice = fixer.filter(({ turn }) => turn.told.includes('self-healing, first of two strikes'));
    expect(advice).toHaveLength(3);
    expect(advice[0]?.turn.told).toMatch(/the same call with the same result .* \[loop\.repeat\]/s);
    // Each text was answered by the stop gate, the last one by the loop guard as well; the honest one says two things.
    const sentBack = fixer.filter(({ turn }) => /of 3; after that a person takes over/.test(turn.told));
    expect(sentBack.map(({ turn }) => turn.told.includes('[loop.monologue]'))).toEqual([
      ...[false, false, true],
      ...[false, false, false],
    ]);
    expect(sentBack[2]?.turn.told).toMatch(
      /3 texts in a row that say nearly the same, no call\. .*next concrete step/s,
    );
    const reached = fixer.filter(({ turn }) => turn.told.includes('[loop.earlier_attempt]'));
    expect(reached).toHaveLength(1);
    expect(reached[0]?.turn.told).toMatch(/reached by an earlier attempt\. .*Take another cause/s);
    const stopped = fixer.filter(({ turn }) => turn.told.includes('[guard.loop_stopped]'));
    expect(stopped).toHaveLength(1);
    const denials = (rule: string) =>
      fixer.filter(({ turn }) => turn.lastToolResults.some((text) => text.includes(rule)));
    expect(denials('Only escalate is open to you now').length).toBeGreaterThanOrEqual(2);
    expect(denials('[guard.loop_stopped]').length).toBeLessThanOrEqual(3);
    expect(denials('[guard.drift_stopped]').length).toBeLessThanOrEqual(3);

    /** The first request of each attempt. */
    const begun = fixer.filter(({ turn }) => turn.step === 0).map(({ turn }) => said(turn));
    expect(begun).toHaveLength(3);
    expect(begun[1]).toMatch(/Failure mode: loop.*went in circles: the same call with the same result/s);
    expect(begun[2]).toMatch(
      /Failure mode: drift.*kept leaving its scope: every call of 5 turns in a row was denied \(.*scope\.outside_diagnosis/s,
    );

    const db = openState(stage.root);
    try {
      const runs = runsOf(db, healed.result.incident).filter(({ phase }) => phase === 'fix');
      expect(runs.map(({ failure_mode }) => failure_mode)).toEqual(['loop', 'drift', null]);
      expect(new Set(runs.map(({ session_id }) => session_id)).size).toBe(3);
      const [first, second, honestRun] = runs.map(({ id }) => id);
      expect(stoppedRun(db, first ?? '')).toMatchObject({ rule: 'guard.loop_stopped' });
      expect(stoppedRun(db, second ?? '')).toMatchObject({ rule: 'guard.drift_stopped' });
      const steps = lastSteps(db, first ?? '', 100);
      expect(new Set(steps.map(({ tool_use_id }) => tool_use_id)).size).toBe(steps.length);
      expect(new Set(steps.slice(0, -1).map(({ observed }) => observed))).toEqual(new Set(['hooks']));
      const reports = steps.filter(({ failing }) => failing !== null);
      expect(reports.length).toBeGreaterThanOrEqual(5);
      expect(reports[0]).toMatchObject({
        tree: expect.stringMatching(/^[0-9a-f]{40}$/),
        failing: [expect.any(String)],
      });
      const point = { tree: reports[0]?.tree };
      expect(loopStateOf(db, `${honestRun}/`)).toMatchObject({
        loop: { points: expect.arrayContaining([expect.objectContaining(point)]) },
      });
    } finally {
      db.close();
    }
    await expectUntouched(stage);
  });
});

describe('a session', () => {
  it('ends the agent that goes in circles and hands its incident over; nobody else in it is denied anything', async () => {
    stage = await setStage('node-orders', { origin: true });
    const looping = honestFix(ORDERS_PART, { ...UNVERIFIED, after: { test: again(12, sameTest) } });
    const run = await stage.session([`/self-healing:heal ${stage.log}`], sessionWith(looping));
    const fixer = run.requests.filter(({ turn }) => turn.agent === 'self-healing');
    expect(fixer.filter(({ turn }) => turn.told.includes('first of two strikes'))).toHaveLength(1);
    const denied = results({ requests: fixer }).filter((text) => text.includes('[guard.loop_stopped]'));
    // The turn that brought the third denial is the last one: the agent does not read it.
    expect(denied).toHaveLength(2);
    expect(fixer.length).toBeLessThan(14);
    const incident = /INC-[0-9a-f]{16}/.exec(JSON.stringify(run.events))?.[0] ?? '';
    const shown = JSON.parse((await stage.run(['show', incident, '--json'])).stdout);
    expect(shown.status).toBe('escalated');
    expect(JSON.stringify(shown.transitions)).toMatch(/loop: The agent went in circles: the same call with the same/);
    expect(told({ requests: run.requests.filter(({ turn }) => turn.agent === 'main') }).join()).not.toContain(
      'strikes',
    );
    await expectUntouched(stage);
  });

  it('stops an agent that has been advised and then only talks, and ends with it', async () => {
    stage = await setStage('node-orders');
    const look: Act = (scene) => use(inWorktree('git log --oneline -3')(scene));
    const talking = honestFix(ORDERS_PART, { ...UNVERIFIED, after: { open: [...again(3, look), ...talk] } });
    const run = await stage.session([`/self-healing:heal ${stage.log}`], sessionWith(talking));
    const heard = told({ requests: run.requests.filter(({ turn }) => turn.agent === 'self-healing') });
    expect(heard.filter((text) => text.includes('first of two strikes'))).toHaveLength(1);
    expect(heard.filter((text) => text.includes('[guard.loop_stopped]'))).toEqual([
      expect.stringMatching(/went in circles: 3 texts in a row .*Only escalate is open to you now/s),
    ]);
    const incident = /INC-[0-9a-f]{16}/.exec(JSON.stringify(run.events))?.[0] ?? '';
    const shown = JSON.parse((await stage.run(['show', incident, '--json'])).stdout);
    expect(shown.status).toBe('escalated');
    expect(JSON.stringify(shown.transitions)).toMatch(/loop: The agent went in circles: 3 texts in a row/);
  });

  it('whose server is killed goes on without guards, and its verdict says what the agent did meanwhile', async () => {
    stage = await setStage('node-orders', { origin: true });
    const { processes } = stage;
    const verify: Act = (scene) => use(tool('verify_fix', ({ incident }) => ({ incident }))(scene));
    const inTree =
      (command: string): Act =>
      (scene) =>
        use(inWorktree(command)(scene));
    // The first call of a tool starts another server; the hooks stay silent.
    const meanwhile = [inTree('git status --short'), verify, inTree('git push nowhere HEAD; true'), verify];
    const script = sessionWith(honestFix(ORDERS_PART, { ...UNVERIFIED, after: { fix: meanwhile } }));
    let killed = false;
    const run = await stage.session([`/self-healing:heal ${stage.log}`], async (turn) => {
      const fixed =
        turn.agent === 'self-healing' && turn.lastToolResults.some((text) => text.includes('has been updated'));
      if (fixed && !killed) {
        killed = true;
        for (const { pid, command } of await processes()) if (command.includes('server.cjs')) endProcess(pid);
      }
      return script(turn);
    });
    const verdicts = results(run).filter((text) => text.startsWith('{"verdict"'));
    const [clean, dirty] = verdicts.map((text) => JSON.parse(text));
    expect(clean).toMatchObject({ verdict: 'pass', checks: { guardrails: { status: 'warn' } } });
    expect(clean.checks.guardrails.findings).toMatchObject([
      {
        code: 'guardrails.judged_afterwards',
        message: expect.stringMatching(/guards: judged afterwards \(\d+ calls\)/),
      },
    ]);
    expect(dirty).toMatchObject({ verdict: 'refuse', checks: { guardrails: { status: 'refuse' } } });
    expect(dirty.checks.guardrails.findings[0]).toMatchObject({
      code: 'guardrails.unguarded_call',
      message: expect.stringMatching(/git push nowhere HEAD.*publish/),
    });
  });
});

describe('a session that heals nothing', () => {
  const SAME = "sh -c 'echo no such table: users; exit 1'";
  /** What was put before the model, apart from what tools answered. */
  const remarks = (run: ClientRun) =>
    run.requests.filter(({ turn }) => turn.told.includes('self-healing') && turn.told.includes('A remark'));
  const inFolder = async (
    config: string | null,
    script: (turn: Turn) => Reply,
    prompts: string[],
    files: Record<string, string> = {},
  ) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'ordinary-')));
    const root = join(folder, 'repository');
    try {
      await mkdir(join(root, '.git'), { recursive: true });
      execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: root });
      if (config !== null) {
        await mkdir(join(root, '.self-healing'));
        await writeFile(join(root, '.self-healing/config.yaml'), `version: "1.0"\n${config}\n`);
      }
      for (const [file, text] of Object.entries(files)) await writeFile(join(root, file), text);
      const before = await tree(root);
      const left = [...prompts];
      const run = await runClient({
        args: ['-p', '--permission-mode', 'dontAsk', '--allowedTools', 'Bash,Agent,Read,Edit'],
        cwd: root,
        home: join(folder, 'home'),
        model: script,
        pluginDir: PLUGIN,
        timeoutMs: 120_000,
        person: () => left.shift(),
      });
      expect(await tree(root)).toEqual(before);
      expect(existsSync(join(folder, 'home/.local/state/self-healing'))).toBe(false);
      return run;
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
  };
  const tree = async (root: string) => (await readdir(root, { recursive: true })).sort();
  const repeats = (count: number) => (turn: Turn) => (turn.step < count ? use(bash(SAME)) : say('I stop.'));

  it('hears of its loop once, softly, and is denied nothing; of none where the setting is off', async () => {
    const run = await inFolder(null, repeats(8), ['go']);
    expect(results(run)).toHaveLength(8);
    expect(results(run).join()).not.toContain('Denied');
    expect(remarks(run)).toHaveLength(1);
    expect(remarks(run)[0]?.turn).toMatchObject({
      step: 3,
      told: expect.stringContaining('which denies nothing: You made the same call 3 times with the same result'),
    });
    const off = await inFolder('detection: { advice_in_other_sessions: false }', repeats(8), ['go']);
    expect(results(off)).toHaveLength(8);
    expect(JSON.stringify(off.requests.map(({ body }) => body.messages))).not.toContain('A remark by self-healing');
  });

  /** `alpha` is red with every number in limit.js, and `again` with every word in word.js. */
  const FILES = {
    'limit.js': 'module.exports = 1;\n',
    'limit.test.js':
      "const test = require('node:test');\ntest('alpha', () => require('node:assert').ok(require('./limit.js') > 9000));\n",
    'word.js': "module.exports = 'one';\n",
    'word.test.js':
      "const test = require('node:test');\ntest('again', () => require('node:assert').ok(require('./word.js') === 'nine'));\n",
    'notes.txt': 'first\n',
    'more.txt': 'second\n',
    'draft.js': 'const tries = 3;\n',
  };
  const read = (file: string) => ({ name: 'Read', input: { file_path: file } });
  const change = (file: string, old_string: string, new_string: string) => ({
    name: 'Edit',
    input: { file_path: file, old_string, new_string },
  });
  const limit = (from: number, to: number) => change('limit.js', `= ${from};`, `= ${to};`);
  const word = (from: string, to: string) => change('word.js', `'${from}'`, `'${to}'`);
  const draft = (from: number, to: number) => change('draft.js', `= ${from};`, `= ${to};`);
  const [alpha, wording] = [bash('node --test limit.test.js'), bash('node --test word.test.js')];
  /** What one asks for at each prompt, one call after the other, and what the model has to read at the end of it. */
  const LOOPS: Record<Exclude<LoopRule, 'loop.monologue' | 'loop.earlier_attempt'>, [ToolCall[], RegExp]> = {
    'loop.repeat': [
      [bash(SAME), bash(SAME), bash(SAME)],
      /You made the same call 3 times with the same result, and no file changed/,
    ],
    'loop.cycle': [
      [1, 2, 3].flatMap(() => [bash('cat notes.txt'), bash('cat more.txt')]),
      /You went through the same 2 calls 3 times with the same results/,
    ],
    'loop.similar': [
      ['api', 'web', 'jobs'].map((name) => bash(`node ${name}-server.js`)),
      /Your last 3 tries with .* failed in nearly the same way/,
    ],
    'loop.thrash': [
      [read('limit.js'), alpha, limit(1, 20), alpha, limit(20, 300), alpha, limit(300, 4000), alpha],
      /3 different changes left the same checks failing with the same error/,
    ],
    'loop.revisit': [
      [read('word.js'), wording, word('one', 'two'), wording, word('two', 'one'), wording, word('one', 'two'), wording],
      /You are back .*, with the same checks failing/,
    ],
    'loop.undo': [
      [read('draft.js'), draft(3, 4), draft(4, 3), draft(3, 4)],
      /You have made this edit of \S*draft\.js before, took it back/,
    ],
  };

  it('hears of every kind of loop that calls make, each in its own words and at its last call', async () => {
    const rules = Object.keys(RULES).filter((rule) => rule.startsWith('loop.'));
    expect([...Object.keys(LOOPS), 'loop.monologue', 'loop.earlier_attempt'].sort()).toEqual(rules.sort());
    const plays = Object.entries(LOOPS);
    const begun: number[] = [];
    const run = await inFolder(
      null,
      (turn) => {
        const at = plays.findIndex(([rule]) => turn.told.includes(`go through ${rule}`));
        if (at >= 0) begun[at] = turn.step;
        const now = begun.length - 1;
        const call = plays[now]?.[1][0][turn.step - (begun[now] ?? 0)];
        return call ? use(call) : say('I stop.');
      },
      plays.map(([rule]) => `go through ${rule}`),
      FILES,
    );
    const heard = plays.map(([rule, [made]], index) => {
      const from = begun[index] ?? 0;
      const own = remarks(run).filter(({ turn }) => turn.step > from && turn.step <= from + made.length);
      return [rule, own.map(({ turn }) => [turn.step - from, turn.told])] as const;
    });
    for (const [rule, texts] of heard) {
      const [made, words] = LOOPS[rule as keyof typeof LOOPS];
      expect(texts, rule).toEqual([[made.length, expect.stringMatching(words)]]);
    }
    expect(results(run).join()).not.toContain('Denied');
  });

  it('hears of nothing when two agents side by side do what one alone would repeat, or a person asks again', async () => {
    const agent = (name: string) => ({
      name: 'Agent',
      input: { description: name, prompt: `${name}, look`, subagent_type: 'general-purpose', run_in_background: false },
    });
    const run = await inFolder(
      null,
      (turn) => {
        if (turn.headers['x-claude-code-agent-id'] !== undefined)
          return turn.step < 2 ? use(bash(SAME)) : say('That is all.');
        // A turn of the person's: one call, or the two agents.
        if (turn.lastToolResults.length > 0) return say('Done.');
        return turn.told.includes('both') ? use(agent('first'), agent('second')) : use(bash(SAME));
      },
      ['send both', 'once more', 'once more', 'once more', 'once more'],
    );
    expect(results(run).filter((text) => text.includes('no such table'))).toHaveLength(8);
    expect(remarks(run)).toHaveLength(0);
  });
});
