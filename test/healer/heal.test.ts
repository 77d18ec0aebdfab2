/**
 * The conductor's edges: what happens to an incident when a run cannot be, when it is ended from outside, and when the
 * agent reaches for the database. Whole heals by the real client are in test/e2e.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { escalate } from '../../healer/fixes/escalate.ts';
import { startFix } from '../../healer/fixes/start-fix.ts';
import { exitCodeOf, type HealProgress, type HealRequest, heal } from '../../healer/heal.ts';
import { finishRun, insertRun, runsOf } from '../../store/runs.ts';
import { lastSteps } from '../../store/steps.ts';
import { write } from '../write.ts';
import { DATABASE, recordsDiagnosis } from './recorded-diagnosis.ts';
import { fakeClient } from './runs/fake-client.ts';
import { ERROR, reported } from './sample-fix.ts';
import { benchOn, freshFolder, run as git } from './sample-repository.ts';

async function prepared(script: string, config = '', tests = 'node --test') {
  const folder = freshFolder('client');
  const command = script === '' ? join(folder, 'not-there') : fakeClient(folder, script);
  const sample = await reported(
    {},
    {
      '.self-healing/config.yaml': `version: "1.0"\ntests: { command: ${tests} }\nclaude: { command: ${JSON.stringify(command)} }\n${config}`,
    },
  );
  const progress: HealProgress[] = [];
  const { bench, incident } = sample;
  const start = (more: Partial<HealRequest> = {}) =>
    heal(bench, {
      incident,
      pluginDir: freshFolder('plugin'),
      env: { PATH: process.env.PATH, HOME: freshFolder('home') },
      onProgress: (event) => progress.push(event),
      wait: async () => {},
      ...more,
    } as HealRequest);
  const status = async () => (await bench.incidents.get(incident))?.status;
  return { ...sample, folder, progress, start, status };
}

const DIAGNOSES = `if (process.argv.includes('self-healing:diagnostician')) { ${recordsDiagnosis()} return; }`;

describe('what cannot be started', () => {
  it('without a client: says so, and leaves the incident in the queue', async () => {
    const { start, status } = await prepared('');
    await expect(start()).rejects.toMatchObject({ message: expect.stringContaining('could not be started') });
    expect(await status()).toBe('queued');
  });

  it('with a plugin that is not loaded: says so, and leaves the incident in the queue', async () => {
    const { start, status } = await prepared(`print({ ...INIT, plugins: [] }); setTimeout(() => {}, 60000);`);
    await expect(start()).rejects.toMatchObject({ message: expect.stringContaining('did not load the plugin') });
    expect(await status()).toBe('queued');
  });

  it('with tests that cannot run: pays no agent, says which line lets it start, and waits in the queue', async () => {
    const { start, status, bench, incident } = await prepared('throw new Error("was started")', '', 'no-such-runner');
    const line = 'tests: { command: npm test }  # in .self-healing/config.yaml';
    await expect(start()).rejects.toMatchObject({
      message: expect.stringMatching(/cannot run on the base.*`no-such-runner`: Its program was not found/),
      next: expect.stringContaining(`Write \`${line}\`, commit it on main, then run \`self-healing heal ${incident}\``),
    });
    expect(await status()).toBe('queued');
    expect(runsOf(bench.db, incident)).toEqual([]);
  });

  it('with settings that cannot be read: records the error, and takes it up once they can', async () => {
    const { start, root, bench } = await prepared('');
    const config = readFileSync(join(root, '.self-healing/config.yaml'), 'utf8');
    write(root, { '.self-healing/config.yaml': `${config}approval: { strat: ask }\n` });
    const error = { text: ERROR.replace('tenantId', 'invoiceId') };
    const failure = await heal(bench, { error, pluginDir: freshFolder('plugin') }).catch((thrown) => thrown);
    expect(failure.message).toContain('.self-healing/config.yaml:4:13: Unknown key "strat"');
    const id = /self-healing heal (INC-[0-9a-f]{16})/.exec(failure.next)?.[1] ?? '';
    expect(await bench.incidents.get(id)).toMatchObject({ status: 'detected', count: 1 });
    write(root, { '.self-healing/config.yaml': `${config}approval: { start: ask }\n` });
    await expect(start({ incident: id })).rejects.toThrow(/awaiting_start/);
  });

  it('while paused, by file or variable, and inside of a run', async () => {
    const { start, root, bench, status } = await prepared('');
    await expect(start({ env: { SELF_HEALING_PAUSE: '1' } })).rejects.toThrow(/paused: SELF_HEALING_PAUSE is set/);
    write(root, { '.self-healing/PAUSE': '' });
    await expect(start()).rejects.toThrow(/paused: the file/);
    const child = await benchOn(bench.repository, { env: { SELF_HEALING_INCIDENT: 'INC-0123456789abcdef' } });
    await expect(heal(child, { error: { text: ERROR } })).rejects.toThrow(/may not start another/);
    expect(await status()).toBe('queued');
  });

  it('in a state that a person has to change first: answers with it', async () => {
    const { start, bench, incident } = await prepared('');
    await escalate(bench, { incident, reason: 'by hand', needs: 'nothing' });
    const result = await start();
    expect(result).toMatchObject({
      status: 'escalated',
      attempts: 0,
      cost_usd: 0,
      why: expect.stringContaining('retry'),
    });
    expect(exitCodeOf(result)).toBe(3);
  });
});

describe('a heal that is ended', () => {
  it('by an interrupt ends its run and leaves the incident to be taken up again in the same round', async () => {
    const { start, status, bench, incident } = await prepared(`print(INIT); setInterval(() => {}, 1000);`);
    const stop = new AbortController();
    const going = start({ signal: stop.signal });
    while (runsOf(bench.db, incident)[0]?.pid == null) await sleep(20);
    await sleep(200);
    stop.abort();
    const result = await going;
    expect(result).toMatchObject({ status: 'queued', failure_mode: 'cancelled', round: 1 });
    expect(exitCodeOf(result)).toBe(3);
    expect(await status()).toBe('queued');
    const pid = runsOf(bench.db, incident)[0]?.pid ?? 0;
    expect(pid).toBeGreaterThan(1);
    expect(() => process.kill(-pid, 0)).toThrow();
    expect(await bench.incidents.acquireLease(incident, 'the next one', 1000)).toBeDefined();
  });

  it('by a person who cancels the incident notices it', async () => {
    const { start, bench, incident } = await prepared(`print(INIT); setInterval(() => {}, 1000);`);
    const going = start();
    while (runsOf(bench.db, incident)[0]?.pid == null) await sleep(20);
    await bench.incidents.transition({ incident, to: 'cancelled', who: 'person:ada', why: 'no' });
    expect(await going).toMatchObject({ status: 'cancelled', failure_mode: 'cancelled' });
  });
});

describe('a heal after a crash', () => {
  it('ends what the dead one left running, and goes on in the same round with what it had', async () => {
    const { start, bench, incident, progress } = await prepared(`print(INIT, { ...RESULT, result: process.argv[3] });`);
    await startFix(bench, { incident });
    const id = randomUUID();
    const orphan = spawn('sleep', ['60'], {
      env: { ...process.env, SELF_HEALING_RUN: id },
      detached: true,
      stdio: 'ignore',
    });
    const gone = new Promise((resolve) => orphan.once('exit', resolve));
    insertRun(bench.db, {
      id,
      incident,
      round: 1,
      attempt: 1,
      phase: 'fix',
      started_at: new Date().toISOString(),
      pid: orphan.pid ?? null,
    });
    await bench.fixes.get(incident)?.lease?.release();
    bench.fixes.clear();

    const result = await start();
    await gone;
    expect(result).toMatchObject({ round: 1, status: 'escalated', failure_mode: 'partial' });
    expect(runsOf(bench.db, incident).find((run) => run.id === id)).toMatchObject({ failure_mode: 'crash' });
    expect(progress.map((event) => (event.kind === 'step' ? event.text : ''))).toContain('Looking for the cause');
    const why = (await bench.incidents.transitions(incident)).map((transition) => transition.why);
    expect(why).toContain('taken up again after a crash');
  });
});

describe('money', () => {
  it('that is used up for the incident ends it before the next run', async () => {
    const { start, bench, incident } = await prepared(
      'throw new Error("was started")',
      'budget: { max_usd_per_incident: 1 }\n',
    );
    const id = randomUUID();
    insertRun(bench.db, { id, incident, round: 1, attempt: 1, phase: 'fix', started_at: new Date().toISOString() });
    const end = { ended_at: new Date().toISOString(), failure_mode: 'crash', exit: 1, terminal_reason: null };
    finishRun(bench.db, id, { ...end, cost_usd: 1.2, input_tokens: 1, output_tokens: 1, turns: 1 });
    const result = await start();
    expect(result).toMatchObject({
      status: 'escalated',
      failure_mode: 'budget',
      cost_usd: 1.2,
      why: expect.stringContaining('budget.max_usd_per_incident'),
    });
    expect(runsOf(bench.db, incident)).toHaveLength(1);
    expect(readFileSync(join(bench.repository.root, result.report ?? ''), 'utf8')).toContain('used up (`budget`)');
  });
});

describe('an agent that reaches for the database', () => {
  it('with a diagnosis that nobody recorded is refused', async () => {
    const { start } = await prepared(
      recordsDiagnosis({ confidence: 0.99, affected_files: ['src/tenant.js', 'src/auth.js'] }, { confidence: 0.4 }),
    );
    const result = await start();
    expect(result).toMatchObject({ status: 'escalated', failure_mode: 'refused' });
    expect(exitCodeOf(result)).toBe(4);
  });

  it('during the fix, to widen its scope, is refused before the gate is asked', async () => {
    const { start, bench, incident } = await prepared(`${DIAGNOSES}
      ${DATABASE}
      db.prepare('UPDATE diagnoses SET affected_files_json = ?').run('["src/tenant.js","src/auth.js"]');
      require('node:fs').writeFileSync('src/auth.js', 'export const open = true;\\n');
      print(INIT, ...call('b', 'Bash', { command: 'sqlite3 state.db' }, ''), RESULT);`);
    const result = await start();
    expect(result).toMatchObject({
      status: 'escalated',
      failure_mode: 'refused',
      attempts: 1,
      why: expect.stringContaining('src/auth.js'),
    });
    expect(lastSteps(bench.db, runsOf(bench.db, incident).at(-1)?.id ?? '', 5)).toMatchObject([
      { tool: 'Bash', outcome: 'ok' },
    ]);
  });

  it.each(['proposed', 'dismissed', 'verified'])('to make the incident %s, is refused', async (status) => {
    const { start } = await prepared(`${DIAGNOSES}
      ${DATABASE}
      db.prepare('UPDATE incidents SET status = ?').run('${status}');
      print(INIT, ...call('b', 'Bash', { command: 'sqlite3 state.db' }, ''), RESULT);`);
    const result = await start();
    expect(result).toMatchObject({
      status: 'escalated',
      failure_mode: 'refused',
      why: expect.stringContaining(status),
    });
    expect(exitCodeOf(result)).toBe(4);
  });
});

describe('guards that did not answer for a call', () => {
  const unseen = (command: string) =>
    `${DIAGNOSES}
      print(INIT, ...call('a', 'Bash', { command: 'ls' }, ''));
      print(...call('b', 'Bash', ${JSON.stringify({ command })}, '').filter(({ subtype }) => subtype !== 'hook_response'));
      print(RESULT);`;

  it('have it judged afterwards: one that they deny and the gate cannot see refuses the run', async () => {
    const { start, bench } = await prepared(unseen('git push origin HEAD'));
    const result = await start();
    expect(result).toMatchObject({
      status: 'escalated',
      failure_mode: 'refused',
      attempts: 1,
      why: expect.stringMatching(/while no guard answered: Bash "git push origin HEAD" \[publish\.push\]/),
    });
    const report = readFileSync(join(bench.repository.root, result.report ?? ''), 'utf8');
    expect(report).toContain('git push origin HEAD');
  });

  it('change nothing where they would have let it pass', async () => {
    const { start } = await prepared(unseen('node --test'), 'recovery: { corrective_retries: 0, decompose: false }');
    expect(await start()).toMatchObject({ status: 'escalated', failure_mode: 'partial' });
  });
});

describe('corrective retries', () => {
  it('tell each run what went wrong, are as many as allowed, and end with a hand-over and the last mode', async () => {
    const { start, folder, root } = await prepared(`${DIAGNOSES}
      const fs = require('node:fs');
      fs.appendFileSync(require('node:path').join(__dirname, 'prompts.jsonl'), JSON.stringify(process.argv.slice(2)) + '\\n');
      print(INIT, ...call('b', 'Bash', { command: 'true' }, ''), RESULT);`);
    const result = await start({ approvedBy: 'person:ada' });
    expect(result).toMatchObject({ status: 'escalated', failure_mode: 'partial', attempts: 4, cost_usd: 2.5 });
    expect(result.why).toContain('could not be split: The run that was asked for a plan recorded none');
    expect(exitCodeOf(result)).toBe(3);
    const runs: string[][] = readFileSync(join(folder, 'prompts.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const prompts = runs.map((argv) => argv[1] ?? '');
    expect(prompts[0]).toMatch(/^Fix incident INC-[0-9a-f]{16}\./);
    expect(prompts[0]).toContain('src/tenant.js:3 reads the tenant');
    expect(prompts[0]).toContain('## Self-Healing Context');
    expect(prompts[1]).toMatch(/^The previous attempt at the following task failed/);
    expect(prompts[1]).toContain('Bash true → ok');
    expect(prompts[2]).toContain('attempt 1: partial: The agent ended without changing anything');
    expect(prompts[3]).toMatch(/^Make a plan for incident INC-/);
    expect(prompts[3]).toContain('attempt 2: partial: The agent ended without changing anything');
    expect(runs.map((argv) => argv.includes('--resume'))).toEqual([false, true, true, false]);
    expect(git(root, 'status', '--porcelain')).toBe('?? .self-healing/reports/');
  });
});

describe('a session that is gone', () => {
  it('is replaced by a new one, which is told what happened and the whole task', async () => {
    const { start, folder } = await prepared(
      `${DIAGNOSES}
      const fs = require('node:fs');
      fs.appendFileSync(require('node:path').join(__dirname, 'prompts.jsonl'), JSON.stringify(process.argv.slice(2)) + '\\n');
      if (process.argv.includes('--resume')) { process.stderr.write('No conversation found with session ID'); process.exit(1); }
      print(INIT, ...call('b', 'Bash', { command: 'true' }, ''), RESULT);`,
      'recovery: { corrective_retries: 1, decompose: false }',
    );
    expect(await start()).toMatchObject({ status: 'escalated', failure_mode: 'partial', attempts: 2 });
    const runs = readFileSync(join(folder, 'prompts.jsonl'), 'utf8').trim().split('\n');
    const [, resumed, fresh] = runs.map((line): string[] => JSON.parse(line));
    expect(resumed).toContain('--resume');
    expect(resumed?.[1]).not.toContain('## Self-Healing Context');
    expect(fresh).not.toContain('--resume');
    expect(fresh?.[1]).toContain('Failure mode: partial');
    expect(fresh?.[1]).toContain('## Self-Healing Context');
  });
});

describe('an API that does not answer', () => {
  it('is waited for with growing waits, and the same session goes on', async () => {
    const { start, folder, progress } = await prepared(`${DIAGNOSES}
      const fs = require('node:fs');
      const log = require('node:path').join(__dirname, 'runs.jsonl');
      fs.appendFileSync(log, JSON.stringify(process.argv.slice(2)) + '\\n');
      print(INIT, ...call('b', 'Bash', { command: 'true' }, ''));
      print({ ...RESULT, is_error: true, api_error_status: 529, result: 'API Error: 529 overloaded', session_id: INIT.session_id });
      process.exit(1);`);
    const result = await start();
    expect(result).toMatchObject({ status: 'escalated', failure_mode: 'transient', attempts: 1 });
    const waits = progress.flatMap((event) => (event.kind === 'wait' ? [event.ms] : []));
    expect(waits).toHaveLength(2);
    expect(waits[0]).toSatisfy((ms: number) => ms >= 15_000 && ms <= 30_000);
    expect(waits[1]).toSatisfy((ms: number) => ms >= 30_000 && ms <= 60_000);
    const lines = readFileSync(join(folder, 'runs.jsonl'), 'utf8').trim().split('\n');
    const resumed = lines.map((line): string[] => JSON.parse(line)).map((argv) => argv[argv.indexOf('--resume') + 1]);
    expect(resumed.slice(1)).toEqual(['11111111-1111-4111-8111-111111111111', '11111111-1111-4111-8111-111111111111']);
  });
});
