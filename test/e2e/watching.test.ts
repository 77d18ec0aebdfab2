/**
 * What happens after a merge, with a real Prometheus that scrapes a real service: the code of a commit in a process of its own,
 * asked all the time. The canary of a bad fix is rolled back by a running `serve`, a good one is resolved over a SIGKILL, and
 * where too little is known nobody calls it solved.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkbench } from '../../healer/workbench.ts';
import { addMerge } from '../../store/merges.ts';
import { readingsOf, watchOf } from '../../store/watches.ts';
import { cli, cliProcess, git, repository, scratch } from '../cli/program.ts';
import { write } from '../write.ts';

const PROMETHEUS = 'prometheus';
const missing = spawnSync(PROMETHEUS, ['--version']).error !== undefined;
const FINGERPRINT = '1a2b3c4d5e6f7890';
const INCIDENT = `INC-${FINGERPRINT}`;
const SECRET = 'a-secret-of-the-test';

const folder = mkdtempSync(join(tmpdir(), 'self-healing-watching-'));
const children: ChildProcess[] = [];
let stopped = false;
afterAll(async () => {
  stopped = true;
  for (const child of children) await end(child);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Counts what it answers, as every service that Prometheus scrapes does. */
const SERVICE = `import { createServer } from 'node:http';
import { price } from './price.js';
const counts = { 200: 0, 500: 0 };
let asked = 0;
createServer((request, response) => {
  if (request.url === '/metrics') {
    const lines = Object.entries(counts).map(([status, count]) => 'http_requests_total{status="' + status + '"} ' + count);
    return response.setHeader('content-type', 'text/plain; version=0.0.4').end('# TYPE http_requests_total counter\\n' + lines.join('\\n') + '\\n');
  }
  let status = 200;
  try { price(++asked); } catch { status = 500; }
  counts[status]++;
  response.writeHead(status).end();
}).listen(Number(process.argv[2]), '127.0.0.1');
`;
const BEFORE = 'export const price = (order) => 2 * order;\n';
const BAD = 'export const price = (order) => { if (order % 3 === 0) throw new Error("lost"); return 2 * order; };\n';
const GOOD = 'export const price = (order) => order * 2;\n';

let stable = 0;
let canary = 0;
let prometheus = '';
let metrics: ChildProcess | undefined;

/** People's requests, to whatever listens. */
async function traffic(port: number): Promise<void> {
  while (!stopped) {
    await fetch(`http://127.0.0.1:${port}/order`).then(
      (answer) => answer.arrayBuffer(),
      () => undefined,
    );
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The service as that commit has it. */
function deploy(root: string, commit: string, port: number): ChildProcess {
  const place = join(folder, commit.slice(0, 12));
  if (!existsSync(place)) git(root, 'worktree', 'add', '--quiet', '--detach', place, commit);
  const child = spawn(process.execPath, [join(place, 'src', 'service.js'), String(port)], { stdio: 'ignore' });
  children.push(child);
  return child;
}

beforeAll(async () => {
  if (missing) return;
  [stable, canary] = [await freePort(), await freePort()];
  const port = await freePort();
  prometheus = `http://127.0.0.1:${port}`;
  const target = (track: string, at: number) => ({ targets: [`127.0.0.1:${at}`], labels: { track } });
  const config = {
    global: { scrape_interval: '500ms', scrape_timeout: '400ms' },
    scrape_configs: [{ job_name: 'shop', static_configs: [target('stable', stable), target('canary', canary)] }],
  };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const args = [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`];
  metrics = spawn(PROMETHEUS, [...args, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  children.push(metrics);
  void traffic(stable);
  void traffic(canary);
});

const QUERIES = {
  error_rate:
    '(sum(increase(http_requests_total{status="500",$canary}[$window])) or vector(0)) / sum(increase(http_requests_total{$canary}[$window]))',
  requests: 'sum(increase(http_requests_total{$canary}[$window]))',
  canary: 'track="canary"',
};

/** A repository whose fix is merged, and the deploy of that merge not yet told. */
async function merged(fix: string, watch: object) {
  const root = repository({ 'src/service.js': SERVICE, 'src/price.js': BEFORE, 'package.json': '{"type":"module"}\n' });
  const base = git(root, 'rev-parse', 'HEAD');
  const settings = {
    version: '1.0',
    approval: { start: 'ask' },
    intake: { settle: '100ms', min_severity: 'low' },
    sources: { github: { repository: 'acme/shop' } },
    watch: { quiet: '1s', error_rate: 0.05, prometheus, queries: QUERIES, ...watch },
  };
  write(root, { '.self-healing/config.yaml': JSON.stringify(settings) });
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '-m', 'Settings');
  git(root, 'switch', '--quiet', '-c', 'fix');
  write(root, { 'src/price.js': fix });
  git(root, 'commit', '--quiet', '-am', 'Fix the price');
  git(root, 'switch', '--quiet', 'main');
  git(root, 'merge', '--quiet', '--no-ff', '-m', 'Merge the fix', 'fix');
  const merge = git(root, 'rev-parse', 'HEAD');
  const remote = join(scratch, `${FINGERPRINT}-${merge.slice(0, 8)}.git`);
  git(root, 'clone', '--quiet', '--bare', '.', remote);
  git(root, 'remote', 'add', 'origin', remote);

  const bench = await openWorkbench(root, { env: {} });
  const time = new Date().toISOString();
  await bench.incidents.record({
    ...{ id: `event-${merge}`, fingerprint: FINGERPRINT, source: 'log', severity: 'high', count: 1 },
    ...{ type: 'TypeError', message: 'x is undefined', first_seen: time, last_seen: time, received_at: time },
  });
  for (const to of ['detected', 'queued', 'healing', 'verified', 'proposed', 'merged'] as const)
    await bench.incidents.transition({ incident: INCIDENT, to, who: 'test', why: 'for the test' });
  addMerge(bench.db, {
    ...{ incident: INCIDENT, round: 1, commit: merge, merged_at: time, merged_by: 'github:ada' },
    ...{ how: 'pull_request', unchanged: 1, url: null, at: time },
  });
  return { root, base, merge, remote, bench };
}

async function serving(root: string) {
  const child = cliProcess(root, ['serve', '--port', '0'], { GITHUB_WEBHOOK_SECRET: SECRET });
  children.push(child);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const [hello] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const url = /http:\/\/[\d.:]+/.exec(hello)?.[0] ?? log;
  const until = async (text: string) => {
    while (!log.includes(text)) {
      if (child.exitCode !== null) throw new Error(log);
      await Promise.race([once(child.stderr, 'data'), once(child, 'exit')]);
    }
  };
  return { child, url, until, log: () => log };
}

/** As GitHub tells of it, signed. */
async function tellOfDeploy(url: string, commit: string): Promise<void> {
  const body = JSON.stringify({
    action: 'created',
    deployment_status: { id: Date.now(), state: 'success', environment: 'production' },
    deployment: { sha: commit, environment: 'production', production_environment: true },
    repository: { full_name: 'acme/shop' },
  });
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const headers = { 'x-github-event': 'deployment_status', 'x-hub-signature-256': `sha256=${signature}` };
  const told = await fetch(`${url}/intake/github`, { method: 'POST', body, headers });
  expect([told.status, await told.json()]).toMatchObject([202, { errands: 1 }]);
}

/** Enough of a past that the level before the deploy is known. */
async function scraped(track: string, atLeast: number): Promise<void> {
  for (;;) {
    const query = encodeURIComponent(`sum(increase(http_requests_total{track="${track}"}[6s]))`);
    const answer = await fetch(`${prometheus}/api/v1/query?query=${query}`).then(
      (one) => one.json() as Promise<{ data?: { result: { value: [number, string] }[] } }>,
      () => undefined,
    );
    if (Number(answer?.data?.result[0]?.value[1] ?? 0) >= atLeast) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const show = async (root: string) => JSON.parse((await cli(root, ['show', INCIDENT, '--json'])).stdout);
// A CI server must have it: a test that is left out there proves nothing.
const real = it.skipIf(missing && !process.env.CI);

real('a canary whose errors rise after the merge is rolled back once, by the command of the settings', async () => {
  const [pid, calls] = [join(folder, 'canary.pid'), join(folder, 'calls')];
  const rollback = `kill "$(cat '${pid}')" && echo "$ROLLBACK_COMMIT" >> '${calls}' && echo the canary is gone`;
  const fix = await merged(BAD, {
    ...{ window: '20s', min_requests: 30 },
    rollback: { mode: 'command', command: ['sh', '-c', rollback] },
  });
  deploy(fix.root, fix.base, stable);
  await scraped('stable', 60);
  const serve = await serving(fix.root);
  const live = deploy(fix.root, fix.merge, canary);
  writeFileSync(pid, String(live.pid));
  const gone = once(live, 'exit');
  await tellOfDeploy(serve.url, fix.merge);
  await serve.until('"event":"watching"');
  const status = await cli(fix.root, ['status']);
  expect(status.stdout).toMatch(/Watched after the merge\s+INC-1a2b3c4d5e6f7890 +watched since 20/);
  await serve.until('"event":"rolled_back"');
  await gone;

  expect(readFileSync(calls, 'utf8')).toBe(`${fix.merge}\n`);
  const story = await show(fix.root);
  expect(story.status).toBe('rolled_back');
  expect(story.watch).toMatch(/error rate (2|3|4)\d(\.\d+)? % \(0 % before\), \d+ requests/);
  const report = readFileSync(join(fix.root, story.report), 'utf8');
  expect(report).toContain('## After the merge');
  expect(report).toContain('the canary is gone');
  const last = readingsOf(fix.bench.db, INCIDENT, 1).at(-1);
  expect(last?.requests).toBeGreaterThanOrEqual(30);
  await end(serve.child);
  expect(readFileSync(calls, 'utf8')).toBe(`${fix.merge}\n`);
  await fix.bench.close();
});

real('a good fix is resolved after a quiet window with traffic, over a SIGKILL in its middle', async () => {
  const fix = await merged(GOOD, { window: '6s', min_requests: 50 });
  const first = await serving(fix.root);
  deploy(fix.root, fix.merge, canary);
  await tellOfDeploy(first.url, fix.merge);
  await first.until('"event":"watching"');
  while (readingsOf(fix.bench.db, INCIDENT, 1).length < 2) await new Promise((resolve) => setTimeout(resolve, 100));
  await end(first.child, 'SIGKILL');
  const before = watchOf(fix.bench.db, INCIDENT, 1);
  const second = await serving(fix.root);
  await second.until('"event":"resolved"');
  await end(second.child);
  const story = await show(fix.root);
  expect(story.status).toBe('resolved');
  expect(story.watch).toMatch(
    /error rate 0 %.*, \d+ requests; the error did not come again; \d+ requests came meanwhile/,
  );
  expect(watchOf(fix.bench.db, INCIDENT, 1)).toMatchObject({ began_at: before?.began_at, verdict: 'resolved' });
  await fix.bench.close();
});

real('a rollback that was cut off by a SIGKILL is not begun again, and a person is told', async () => {
  const calls = join(folder, 'cut off');
  const command = ['sh', '-c', `echo begun >> '${calls}'; sleep 2; echo ended >> '${calls}'`];
  const fix = await merged(BAD, { window: '20s', prometheus: '', rollback: { mode: 'command', command } });
  const first = await serving(fix.root);
  await tellOfDeploy(first.url, fix.merge);
  await first.until('"event":"watching"');
  // Later than what an old instance may still say.
  const began = Date.parse(watchOf(fix.bench.db, INCIDENT, 1)?.began_at ?? '');
  const time = new Date(began + 1_500).toISOString();
  await fix.bench.incidents.record({
    ...{ id: `again-${fix.merge}`, fingerprint: FINGERPRINT, source: 'log', severity: 'high', count: 1 },
    ...{ type: 'TypeError', message: 'x is undefined', first_seen: time, last_seen: time, received_at: time },
  });
  while (!existsSync(calls)) await new Promise((resolve) => setTimeout(resolve, 50));
  await end(first.child, 'SIGKILL');
  const second = await serving(fix.root);
  await second.until('"event":"rollback_failed"');
  while (!readFileSync(calls, 'utf8').includes('ended')) await new Promise((resolve) => setTimeout(resolve, 100));
  await end(second.child);
  expect(readFileSync(calls, 'utf8')).toBe('begun\nended\n');
  const story = await show(fix.root);
  expect(story.status).toBe('escalated');
  expect(story.watch).toContain('cut off before its end was seen; it is not started again');
  await fix.bench.close();
});

real('too little traffic is never called solved, nor is a Prometheus that is down', async () => {
  const scarce = await merged(GOOD, { window: '2s', min_requests: 1_000_000 });
  const serve = await serving(scarce.root);
  await tellOfDeploy(serve.url, scarce.merge);
  await serve.until('"event":"not_judged"');
  await end(serve.child);
  const story = await show(scarce.root);
  expect(story.status).toBe('escalated');
  expect(story.watch).toContain('below 1000000 nothing is judged');
  await scarce.bench.close();

  await end(metrics);
  const blind = await merged(GOOD, { window: '2s', min_requests: 10 });
  const again = await serving(blind.root);
  await tellOfDeploy(again.url, blind.merge);
  await again.until('"event":"not_judged"');
  await end(again.child);
  const other = await show(blind.root);
  expect(other.status).toBe('escalated');
  expect(other.watch).toContain('Prometheus could not be reached');
  expect(other.transitions.map(({ to }: { to: string }) => to)).not.toContain('resolved');
  await blind.bench.close();
});
