/** A first heal where nobody has set anything up: what was found is said, and no model is asked where nothing could be proven. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix } from '../../cli/demo/play.ts';
import { checkoutDigest } from './checkout.ts';
import { expectUntouched, heal } from './healed.ts';
import { UNVERIFIED } from './plays/acts.ts';
import { sessionWith } from './session-play.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.remove());

/** Ends after the diagnosis. */
const UNSURE = honestFix({ ...ORDERS_PART, diagnosis: { ...ORDERS_PART.diagnosis, confidence: 0.5 } });

async function commit(message: string): Promise<void> {
  await stage.git(['add', '--all']);
  await stage.git(['-c', 'user.name=P', '-c', 'user.email=p@example.com', 'commit', '-qm', message]);
  stage.before = await checkoutDigest(stage.root);
}

/** As a user has it on the first day. */
async function bare(manifest?: object): Promise<void> {
  stage = await setStage('node-orders');
  await stage.git(['rm', '-rq', '.self-healing']);
  if (manifest) await writeFile(join(stage.root, 'package.json'), JSON.stringify({ type: 'module', ...manifest }));
  await commit('Nothing is set up');
}

it('heals on what it finds, says what that is and how to write it down, and the cause once', async () => {
  await bare();
  const { exit, stdout, stderr } = await stage.run(
    ['heal', '--error', stage.logFile, '--yes'],
    honestFix(ORDERS_PART, UNVERIFIED),
  );
  expect(exit, stdout + stderr).toBe(0);
  for (const said of [
    /Nothing is set up here \(no \.self-healing\/\), so what was found holds:/,
    / tests: npm test \(package\.json has a test script: node --test\)/,
    / base: main \([0-9a-f]{12}\)/,
    / limits: 3 source files, 50 lines; never \*\*\/migrations\/\*\*/,
    / state: \.self-healing\/state\.db, which git ignores/,
    /`self-healing init` writes it down/,
    /The tests run: \d+ passed, 0 failed/,
  ])
    expect(stdout.match(new RegExp(said, 'g')), String(said)).toHaveLength(1);
  const cause = ORDERS_PART.diagnosis.root_cause.slice(0, 30);
  expect(stdout.split(cause).length - 1).toBe(1);
  expect((await readdir(join(stage.root, '.self-healing'))).filter((name) => name.endsWith('.yaml'))).toEqual([]);
  await expectUntouched(stage);
});

it('asks no model where the tests cannot run, and goes on once the line that it printed is written', async () => {
  stage = await setStage('node-orders', {
    overlay: { '.self-healing/config.yaml': 'version: "1.0"\ntests: { command: no-such-runner --all }\n' },
  });
  const first = await stage.run(['heal', '--error', stage.logFile, '--yes'], UNSURE);
  expect(first).toMatchObject({ exit: 2, requests: [] });
  expect(first.stderr).toContain(
    'The tests cannot run on the base, so no fix could be proven. `no-such-runner --all`:',
  );
  const [, line = '', again = ''] =
    /Write `(.+) {2}# in \.self-healing\/config\.yaml`, commit it on main, then run `self-healing (.+?)`/.exec(
      first.stderr,
    ) ?? [];
  expect(line).toBe('tests: { command: npm test }');
  expect(JSON.parse((await stage.run(['incidents', '--json'])).stdout)).toMatchObject({
    incidents: [{ status: 'queued', count: expect.any(Number) }],
  });
  await expectUntouched(stage);

  await writeFile(join(stage.root, '.self-healing/config.yaml'), `version: "1.0"\n${line}\n`);
  await commit('Say how the tests run');
  const second = await heal(stage, UNSURE, again.replace('heal ', '').split(' '));
  expect(second.result).toMatchObject({ status: 'escalated', failure_mode: 'low_confidence' });
  expect(second.requests.length).toBeGreaterThan(0);
  // Of the diagnosis that a person has to lift as well.
  expect(second.report).toContain('guardrails: { confidence_threshold: 0.5 }');
});

it('tells a session at the diagnosis, before a fix is paid for, with the line for the person', async () => {
  await bare({ scripts: { test: 'no-such-runner' } });
  const run = await stage.session(
    [`/self-healing:heal ${stage.log}`],
    sessionWith(honestFix(ORDERS_PART, { ...UNVERIFIED, fix: null, test: null })),
  );
  const told = run.requests.flatMap(({ turn }) => turn.lastToolResults);
  const started = told.find((text) => text.includes('"worktree"'));
  expect(started).toContain('No .self-healing/ is set up here, so what was found holds: tests: npm test');
  expect(started).toContain('/self-healing:init');
  const recorded = told.find((text) => text.includes('The diagnosis is recorded.')) ?? '';
  expect(recorded).toMatch(/^not_allowed: /);
  expect(recorded).toMatch(/For a person, not for you: Write `\w+: \{ .+ \} {2}# in \.self-healing\/config\.yaml`/);
  await expectUntouched(stage);
});
