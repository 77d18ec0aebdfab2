/** The worker on a real repository and database; the client is a stand-in that ends as a test needs it. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { heal } from '../../../healer/heal.ts';
import { resumeStranded } from '../../../healer/queue/resume.ts';
import { runningNow } from '../../../healer/queue/running.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import { saveMute } from '../../../store/mutes.ts';
import { saveProposal } from '../../../store/proposals.ts';
import { addResume } from '../../../store/resumes.ts';
import { finishRun, insertRun, noteRunCost, runsOf } from '../../../store/runs.ts';
import { write } from '../../write.ts';
import { benchOn } from '../sample-repository.ts';
import { type Line, queued } from './queued.ts';

const LONG = { timeout: 55_000, interval: 50 };
const HANGS = 'print(INIT); setInterval(() => {}, 1000);';
const LIMITED = `print(INIT, { ...RESULT, is_error: true, api_error_status: 429, result: 'API Error: 429 rate limit' }); process.exit(1);`;
const LOGGED_OUT = `print(INIT, { ...RESULT, is_error: true, api_error_status: 401, result: 'Please run /login' }); process.exit(1);`;
/** Ends well and records nothing: the incident goes to a person. */
const USELESS = 'print(INIT, RESULT);';

const names = (lines: Line[]) => lines.map(({ event }) => event);

describe('the worker', () => {
  it('heals what is queued, one after another, and leaves each in a state that a person sees', async () => {
    const { start, said, bench, incident, another, logged } = await queued(USELESS);
    const second = await another('orderId');
    await start();
    await said('run_ended', 2);
    for (const one of [incident, second]) expect(await bench.incidents.get(one)).toMatchObject({ status: 'escalated' });
    expect(names(logged)).toEqual(['run_started', 'run_ended', 'run_started', 'run_ended']);
    expect(await bench.incidents.acquireLease(incident, 'the next one', 1000)).toBeDefined();
  });

  it('runs as many at once as budget.concurrency says, each incident once, also with a second worker', async () => {
    const { start, said, another, repository, logged, bench } = await queued(HANGS, 'budget: { concurrency: 2 }\n');
    await another('orderId');
    await another('cartId');
    const now = () => bench.now();
    await start();
    await said('run_started', 2);
    await start(await benchOn(repository, { now }));
    await said('run_started', 3);
    const started = logged.filter(({ event }) => event === 'run_started').map(({ incident }) => incident);
    expect(new Set(started).size).toBe(3);
  });

  it('starts nothing while paused, and goes on after that', async () => {
    const { start, said, root, logged } = await queued(USELESS);
    write(root, { '.self-healing/PAUSE': '' });
    await start();
    expect(await said('standing_still')).toMatchObject({ by: 'pause', why: expect.stringContaining('PAUSE') });
    rmSync(join(root, '.self-healing/PAUSE'));
    await said('run_ended');
    expect(names(logged)).toEqual(['standing_still', 'going_on', 'run_started', 'run_ended']);
  });

  it('starts nothing once the money of the day is spent', async () => {
    const { start, said, bench, incident } = await queued(USELESS, 'budget: { max_usd_per_day: 1 }\n');
    const at = bench.now().toISOString();
    insertRun(bench.db, { id: 'r', incident: 'INC-other', round: 1, attempt: 1, phase: 'fix', started_at: at });
    const end = { ended_at: at, failure_mode: null, exit: 0, terminal_reason: null, turns: 1 };
    finishRun(bench.db, 'r', { ...end, cost_usd: 1.2, input_tokens: 1, output_tokens: 1 });
    await start();
    expect(await said('standing_still')).toMatchObject({ by: 'budget', until: '2026-11-21T10:00:00.000Z' });
    expect(await bench.incidents.get(incident)).toMatchObject({ status: 'queued', round: 1 });
  });
});

function propose(bench: Workbench, incident: string): void {
  saveProposal(bench.db, {
    ...{ incident, round: 1, branch: 'b', commit: 'c', tree: 't', url: null, base_branch: null },
    ...{ status: 'branch', title: '', summary: '', at: bench.now().toISOString() },
  });
}

describe('the brakes', () => {
  it('let a proposal that people want changed go on, which opens no further pull request', async () => {
    const { start, said, bench, incident, another, logged } = await queued(USELESS, 'budget: { max_prs_per_day: 1 }\n');
    await another('orderId');
    propose(bench, incident);
    await start();
    expect(await said('run_ended')).toMatchObject({ incident });
    await said('standing_still');
    expect(logged.filter(({ event }) => event === 'run_started')).toHaveLength(1);
  });

  it('start nothing once the proposals of the day are made, and say until when', async () => {
    const { start, said, bench, incident, pass } = await queued(USELESS, 'budget: { max_prs_per_day: 1 }\n');
    propose(bench, 'INC-other');
    await start();
    expect(await said('standing_still')).toMatchObject({ by: 'proposals', until: '2026-11-21T10:00:00.000Z' });
    expect(await bench.incidents.get(incident)).toMatchObject({ status: 'queued', round: 1 });
    pass(86_400_000);
    await said('run_ended');
  });

  it('start nothing after rejections in a row, also in `heal` and after a restart, until a person says `resume`', async () => {
    const { start, said, bench, incident, another, env, repository } = await queued(
      USELESS,
      'budget: { stop_after_rejections: 2 }\n',
    );
    for (const word of ['orderId', 'cartId']) {
      const rejected = await another(word);
      for (const to of ['healing', 'verified', 'awaiting_publish', 'rejected'] as const)
        await bench.incidents.transition({ incident: rejected, to, who: 'person:ada', why: 'no' });
    }
    await start(await benchOn(repository, { now: bench.now }));
    expect(await said('standing_still')).toMatchObject({ by: 'rejections', until: null });
    await expect(heal(bench, { incident, env })).rejects.toThrow(/2 proposals in a row were rejected/);
    expect(await bench.incidents.get(incident)).toMatchObject({ status: 'queued', round: 1 });
    addResume(bench.db, { who: 'person:ada', at: bench.now().toISOString() });
    await said('run_ended');
  });
});

describe('a run in progress', () => {
  const SPENDS = `print(INIT, answer('m1'), ...call('1', 'Bash', { command: 'make TOKEN=ghp_012345678901234567890123456789abcdef' })); setInterval(() => {}, 1000);`;

  it('is seen from another process: phase, attempt, last call, since when, and what it has cost so far', async () => {
    const { start, said, bench, incident, repository } = await queued(SPENDS);
    await start();
    await said('run_started');
    const other = await benchOn(repository, { now: bench.now });
    const seen = async () => (await runningNow(other))[0];
    await vi.waitFor(
      async () => expect(await seen()).toMatchObject({ doing: expect.stringContaining('Bash make') }),
      LONG,
    );
    await vi.waitFor(async () => expect((await seen())?.cost_usd).toBeGreaterThan(0.9), LONG);
    expect(await seen()).toMatchObject({
      ...{ incident, round: 1, phase: 'diagnosis', attempt: 1, cost_basis: 'estimated' },
      ...{ since: '2026-11-20T10:00:00.000Z', doing_since: '2026-11-20T10:00:00.000Z' },
    });
    expect((await seen())?.doing).not.toContain('ghp_0123');
  });

  it('is ended when others use up the money of the day, and its incident goes to a person as `budget`', async () => {
    const { start, said, bench, incident } = await queued(SPENDS, 'budget: { max_usd_per_day: 3 }\n');
    await start();
    await vi.waitFor(() => expect(runsOf(bench.db, incident)[0]?.cost_usd).toBeGreaterThan(0.9), LONG);
    const at = bench.now().toISOString();
    insertRun(bench.db, { id: 'r', incident: 'INC-other', round: 1, attempt: 1, phase: 'fix', started_at: at });
    noteRunCost(bench.db, 'r', 2.5);
    expect(await said('run_ended')).toMatchObject({ incident, status: 'escalated', failure_mode: 'budget' });
    const [run] = runsOf(bench.db, incident);
    expect(run).toMatchObject({ failure_mode: 'budget', cost_basis: 'estimated' });
    expect(() => process.kill(-(run?.pid ?? 0), 0)).toThrow();
    expect(runsOf(bench.db, incident)).toHaveLength(1);
  });
});

describe('the back-off of the whole queue', () => {
  it.each([
    ['a rate limit', LIMITED, /429/, /resume/],
    ['a lost login', LOGGED_OUT, /login/, /Log in with `claude`/],
  ])('after %s: no other incident is burnt, each stays queued in its round', async (_name, script, why, next) => {
    const { start, said, bench, incident, another } = await queued(script);
    const second = await another('orderId');
    await start();
    expect(await said('backing_off')).toMatchObject({ times: 1, until: '2026-11-20T10:01:00.000Z' });
    expect(await said('standing_still')).toMatchObject({
      by: 'back_off',
      why: expect.stringMatching(why),
      next: expect.stringMatching(next),
    });
    for (const one of [incident, second])
      expect(await bench.incidents.get(one)).toMatchObject({ status: 'queued', round: 1 });
    expect([...runsOf(bench.db, incident), ...runsOf(bench.db, second)]).toHaveLength(1);
  });

  it('lasts as long as the API asks for', async () => {
    const retry = `{ type: 'system', subtype: 'api_retry', attempt: 1, max_retries: 1, retry_delay_ms: 600000, error_status: 429 }`;
    const { start, said } = await queued(`print(INIT, ${retry}); ${LIMITED}`);
    await start();
    expect(await said('backing_off')).toMatchObject({ until: '2026-11-20T10:10:00.000Z' });
  });

  it('doubles while it lasts, tries another incident first, and ends when a run gets through', async () => {
    const { start, said, bench, another, pass, script, logged } = await queued(LIMITED);
    await another('orderId');
    await start();
    await said('backing_off');
    pass(60_000);
    expect(await said('backing_off', 2)).toMatchObject({ times: 2, until: '2026-11-20T10:03:00.000Z' });
    const [first, second] = logged.filter(({ event }) => event === 'run_started').map(({ incident }) => incident);
    expect(second).not.toBe(first);
    script(USELESS);
    pass(120_000);
    await said('run_ended', 2);
    expect(await bench.incidents.backOff()).toBeUndefined();
  });
});

describe('one incident by itself', () => {
  it('goes to a person when it holds the queue again and again while others get through', async () => {
    // The stand-in is asked about one incident and answers for every other.
    const { start, said, bench, incident, another, pass, logged } = await queued(
      `if (process.argv[3].includes('tenantId')) { ${LIMITED} } ${USELESS}`,
    );
    await start();
    for (let held = 1; held <= 3; held++) {
      await said('backing_off', held);
      await another(`word${held}`);
      pass(3_600_000);
      await said('run_ended', held);
    }
    await said('handed_over');
    expect(await bench.incidents.get(incident)).toMatchObject({ status: 'escalated' });
    expect(logged.filter(({ event }) => event === 'backing_off')).toHaveLength(3);
  });

  it('rests when something of ours fails, and goes to a person the third time', async () => {
    const { start, said, bench, incident, root, pass } = await queued(USELESS);
    // Where the worktrees would be is a file.
    write(root, { '.worktrees': '' });
    await start();
    for (let times = 1; times <= 3; times++) {
      expect(await said('run_failed', times)).toMatchObject({ incident, times });
      pass(900_000);
    }
    await said('handed_over');
    expect(await bench.incidents.get(incident)).toMatchObject({ status: 'escalated', round: 1 });
  });

  it('is ignored when its error was muted while it waited', async () => {
    const { start, said, bench, incident } = await queued(USELESS);
    const fingerprint = incident.slice(4);
    const until = '2999-01-01';
    saveMute(bench.db, { fingerprint, reason: 'known', until, who: 'person:ada', at: bench.now().toISOString() });
    await start();
    expect(await said('put_aside')).toMatchObject({ why: expect.stringContaining('known') });
    expect(await bench.incidents.get(incident)).toMatchObject({ status: 'ignored' });
  });
});

describe('the end of the worker', () => {
  it('lets a run end by itself within the time it has', async () => {
    const { start, said, bench, incident, logged } = await queued(USELESS);
    const worker = await start(bench, { drainMs: 60_000 });
    await said('run_started');
    await worker.stop();
    expect(await bench.incidents.get(incident)).toMatchObject({ status: 'escalated' });
    expect(names(logged)).toEqual(['run_started', 'draining', 'run_ended']);
  });

  it('ends it after that, so that it is queued again in the same round, and nothing of it runs on', async () => {
    const { start, said, bench, incident, another } = await queued(HANGS);
    const second = await another('orderId');
    const worker = await start();
    const { incident: running } = await said('run_started');
    while (runsOf(bench.db, String(running))[0]?.pid == null) await sleep(20);
    await worker.stop();
    for (const one of [incident, second])
      expect(await bench.incidents.get(one)).toMatchObject({ status: 'queued', round: 1 });
    const pid = runsOf(bench.db, String(running))[0]?.pid ?? 0;
    expect(() => process.kill(-pid, 0)).toThrow();
    expect(await bench.incidents.acquireLease(incident, 'the next one', 1000)).toBeDefined();
  });
});

describe('what a dead process left', () => {
  it('is queued again; a live one keeps its own; proven ones wait for a person', async () => {
    const { bench, incident, another } = await queued(USELESS);
    const step = (one: string, to: 'healing' | 'verified') =>
      bench.incidents.transition({ incident: one, to, who: 'heal', why: '' });
    const [held, proven] = [await another('orderId'), await another('cartId')];
    for (const one of [incident, held, proven]) await step(one, 'healing');
    await step(proven, 'verified');
    await bench.incidents.acquireLease(held, 'somebody', 60_000);
    const moved = (await resumeStranded(bench)).map(({ incident: id, status }) => [id, status]);
    expect(moved.sort()).toEqual(
      [
        [incident, 'queued'],
        [proven, 'awaiting_publish'],
      ].sort(),
    );
    expect(await bench.incidents.get(held)).toMatchObject({ status: 'healing' });
    expect(await bench.incidents.get(incident)).toMatchObject({ round: 1 });
  });

  it('goes to a person when it takes every process with it', async () => {
    const { bench, incident, root } = await queued(USELESS);
    for (let crash = 0; crash < 4; crash++) {
      await bench.incidents.transition({ incident, to: 'healing', who: 'heal', why: '' });
      await resumeStranded(bench);
    }
    expect(await bench.incidents.get(incident)).toMatchObject({ status: 'escalated' });
    expect(readFileSync(join(root, `.self-healing/reports/${incident}.md`), 'utf8')).toContain('ended 4 times');
  });
});
