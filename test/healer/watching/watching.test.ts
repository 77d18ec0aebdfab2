import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { refusedContext } from '../../../healer/fixes/refused-context.ts';
import { watchLine } from '../../../healer/watching/line.ts';
import { saveDeployment } from '../../../store/deployments.ts';
import { handOverOf } from '../../../store/notices.ts';
import { rollbackOf } from '../../../store/rollbacks.ts';
import { readingsOf, watchOf } from '../../../store/watches.ts';
import { run } from '../sample-repository.ts';
import { loopbackPrometheus, type Said } from './loopback-prometheus.ts';
import { INCIDENT, mergedFix, START } from './merged-fix.ts';

type Fix = Awaited<ReturnType<typeof mergedFix>>;

const MINUTE = 60_000;
const at = (ms: number) => new Date(ms).toISOString();

function deployed({ bench, clock }: Fix, commit: string, more: { environment?: string; production?: boolean } = {}) {
  const { environment = 'production', production = true } = more;
  saveDeployment(bench.db, {
    id: `deploy ${commit} ${environment}`,
    commit,
    environment,
    production,
    at: at(clock.at),
  });
}

const report = ({ root }: Fix) => readFileSync(join(root, '.self-healing', 'reports', `${INCIDENT}.md`), 'utf8');

/** Figures that a test changes while it goes on. */
async function figures(start: { error_rate: Said; p95_ms: Said; requests: Said; earlier?: number }) {
  const now = { earlier: 0.001, ...start };
  const prometheus = await loopbackPrometheus(({ query, path, time }) => {
    // The time before the deploy is asked for as a range, or at the moment of the deploy.
    if (path.endsWith('/query_range')) return query === 'p95' ? 100 : now.earlier;
    if (query === 'errors') return now.error_rate;
    return query === 'p95' ? now.p95_ms : time === null ? null : now.requests;
  });
  return { now, ...prometheus };
}

const QUERIES = 'queries: { error_rate: errors, p95_ms: p95, requests: "sum(increase(all[$window]))" }';

it('begins when GitHub tells of a deploy that contains the merge, and no other one', async () => {
  const fix = await mergedFix();
  deployed(fix, fix.base);
  await fix.look();
  expect(await fix.status()).toBe('merged');
  const later = fix.goOn({ 'src/new.js': 'export {};\n' });
  fix.clock.at += 5 * MINUTE;
  deployed(fix, later, { environment: 'staging', production: false });
  await fix.look();
  expect(await fix.status()).toBe('merged');
  deployed(fix, later);
  await fix.look();
  expect(await fix.status()).toBe('watching');
  expect(watchOf(fix.bench.db, INCIDENT, 1)).toMatchObject({
    basis: 'deployment',
    release: later,
    began_at: at(START + 5 * MINUTE),
  });
  expect(watchLine(fix.bench, await fix.record())).toMatch(/^watched since 2026-11-20T12:05:00Z \(GitHub told/);
});

it.each(['merge', 'squash'] as const)(
  'begins when an event of any incident comes from a release with it (%s)',
  async (way) => {
    const fix = await mergedFix({ way });
    run(fix.root, 'fetch', '--quiet', 'origin');
    const occur = (release: string) =>
      fix.occur({ fingerprint: 'ffffffffffffffff', message: `of ${release}`, release });
    await occur(fix.base.slice(0, 10));
    await occur('unheard-of@9.9.9');
    await fix.look();
    expect(await fix.status()).toBe('merged');
    // Tagged on the remote after the last fetch, as releases are.
    run(fix.there, 'tag', '-a', 'v1.4.0', '-m', 'release');
    run(fix.there, 'push', '--quiet', 'origin', 'v1.4.0');
    fix.clock.at += MINUTE;
    await occur('shop@1.4.0');
    await fix.look();
    expect(watchOf(fix.bench.db, INCIDENT, 1)).toMatchObject({ basis: 'release', release: 'shop@1.4.0' });
    expect(await fix.status()).toBe('watching');
    // Nothing was written into the user's refs.
    expect(run(fix.root, 'tag', '--list')).toBe('');
  },
);

it('begins from the merge where nothing tells of a deploy, says so, and begins anew when one is told of', async () => {
  const fix = await mergedFix();
  await fix.pass(29 * MINUTE, MINUTE);
  expect(await fix.status()).toBe('merged');
  await fix.pass(2 * MINUTE, MINUTE);
  expect(await fix.status()).toBe('watching');
  expect(report(fix)).toContain('**Deployed:** not seen: nothing told of a deploy within 1800 s of the merge');
  expect(watchLine(fix.bench, await fix.record())).toContain('with no deploy seen');
  deployed(fix, fix.merge);
  await fix.pass(MINUTE);
  expect(watchOf(fix.bench.db, INCIDENT, 1)).toMatchObject({ basis: 'deployment', release: fix.merge });
  expect(report(fix).match(/## After the merge/g)).toHaveLength(1);
});

it('resolves after a quiet window with traffic, and tells with what figures', async () => {
  const prometheus = await figures({ error_rate: 0.002, p95_ms: 90, requests: 40 });
  const fix = await mergedFix({ watch: `{ prometheus: "${prometheus.url}", ${QUERIES} }` });
  deployed(fix, fix.merge);
  await fix.pass(29 * MINUTE);
  expect(await fix.status()).toBe('watching');
  prometheus.now.requests = 2500;
  await fix.pass(2 * MINUTE);
  expect(await fix.status()).toBe('resolved');
  const line = watchLine(fix.bench, await fix.record());
  expect(line).toContain('error rate 0.2 % (0.1 % before), p95 90 ms (100 ms before), 2500 requests');
  expect(line).toContain('the error did not come again; 2500 requests came meanwhile');
  expect(report(fix)).toMatch(/\*\*Verdict:\*\* \*\*resolved\*\*/);
  // The earlier level is of before the deploy, and asked for once.
  const ranges = prometheus.asked.filter(({ path }) => path.endsWith('query_range'));
  expect(ranges.map(({ query, start, end }) => [query, Number(end) - Number(start), Number(end) * 1000])).toEqual([
    ['errors', 1800, START],
    ['p95', 1800, START],
  ]);
  expect(prometheus.asked.at(-1)?.query).toMatch(/^sum\(increase\(all\[18\d\ds\]\)\)$/);
});

it.each([
  [
    'error rate',
    { error_rate: 0.03, p95_ms: 90 },
    'the error rate is 3 % over 500 requests, above 1 % and more than twice the 0.1 % before the deploy',
  ],
  [
    'p95',
    { error_rate: 0.001, p95_ms: 900 },
    'the p95 is 900 ms over 500 requests, above 500 ms and more than twice the 100 ms before the deploy',
  ],
])('rolls back when the %s is too high and worse than before, seen twice', async (_name, worse, why) => {
  const prometheus = await figures({ error_rate: 0.001, p95_ms: 90, requests: 500 });
  const fix = await mergedFix({ watch: `{ prometheus: "${prometheus.url}", ${QUERIES} }` });
  deployed(fix, fix.merge);
  await fix.pass(5 * MINUTE);
  Object.assign(prometheus.now, worse);
  await fix.pass(31_000, 31_000);
  expect(await fix.status()).toBe('watching');
  await fix.pass(31_000, 31_000);
  expect(await fix.status()).toBe('rolled_back');
  expect((await fix.record()).round).toBe(1);

  // A real revert on its own branch, of the merge and of nothing else.
  const branch = 'hotfix/auto-1a2b3c4d5e6f7890-revert-1';
  run(fix.there, 'fetch', '--quiet', 'origin');
  expect(run(fix.there, 'diff', '--name-only', `origin/main..origin/${branch}`)).toBe('src/price.js');
  expect(run(fix.there, 'show', `origin/${branch}:src/price.js`)).toBe('export const price = 1;');
  const message = run(fix.there, 'log', '-1', '--format=%B', `origin/${branch}`);
  expect(message).toContain(`This reverts commit ${fix.merge}.`);
  expect(message).toContain(`Self-Healing-Revert: ${INCIDENT}/1`);

  const { db } = fix.bench;
  expect(rollbackOf(db, INCIDENT, 1)).toMatchObject({ state: 'done', mode: 'propose', why, branch });
  expect(refusedContext(db, INCIDENT)).toContain('+export const price = 2;');
  expect(refusedContext(db, INCIDENT)).toContain(why);
  expect(handOverOf(db, INCIDENT, 1)).toMatchObject({ failure_summary: expect.stringContaining(why) });
  expect(report(fix)).toContain(why);
});

it('is not worse than before when before was bad as well, nor below the limit', async () => {
  const prometheus = await figures({ error_rate: 0.05, p95_ms: 90, requests: 500, earlier: 0.04 });
  const fix = await mergedFix({ watch: `{ prometheus: "${prometheus.url}", ${QUERIES} }` });
  deployed(fix, fix.merge);
  await fix.pass(10 * MINUTE);
  Object.assign(prometheus.now, { error_rate: 0.009 });
  await fix.pass(21 * MINUTE);
  expect(await fix.status()).toBe('resolved');
});

it.each([
  ['too few requests', { requests: 3 }, 'below 100 nothing is judged'],
  ['no answer to a query', { error_rate: null }, 'the query of error rate gives nothing'],
  ['several series', { error_rate: 'two series' as const }, 'add sum() around it'],
  [
    'an error of Prometheus',
    { error_rate: { status: 400, body: '{"status":"error","error":"parse error"}' } },
    'Prometheus answered 400: parse error',
  ],
])('never calls it solved with %s, and hands over after three windows', async (_name, more, why) => {
  const prometheus = await figures({ error_rate: 0.9, p95_ms: 90, requests: 500, ...more });
  const fix = await mergedFix({ watch: `{ prometheus: "${prometheus.url}", ${QUERIES} }` });
  deployed(fix, fix.merge);
  await fix.pass(89 * MINUTE, 30_000);
  expect(await fix.status()).toBe('watching');
  expect(watchLine(fix.bench, await fix.record())).toContain(why);
  await fix.pass(3 * MINUTE, 30_000);
  expect(await fix.status()).toBe('escalated');
  expect(handOverOf(fix.bench.db, INCIDENT, 1)).toMatchObject({
    requires_action: true,
    failure_summary: expect.stringContaining(why),
  });
  expect(report(fix)).toContain('not judged, a person decides');
});

it('is not talked into anything by a Prometheus that is down, asks it less and less often, and goes on when it is back', async () => {
  const prometheus = await figures({ error_rate: 0.001, p95_ms: 90, requests: 500 });
  const fix = await mergedFix({ watch: `{ prometheus: "${prometheus.url}", ${QUERIES} }` });
  const port = Number(new URL(prometheus.url).port);
  deployed(fix, fix.merge);
  await fix.pass(5 * MINUTE);
  prometheus.server.closeAllConnections();
  await new Promise((resolve) => prometheus.server.close(resolve));
  const before = readingsOf(fix.bench.db, INCIDENT, 1).length;
  await fix.pass(40 * MINUTE);
  expect(await fix.status()).toBe('watching');
  expect(watchLine(fix.bench, await fix.record())).toContain('Prometheus could not be reached: ECONNREFUSED');
  const failures = readingsOf(fix.bench.db, INCIDENT, 1).length - before;
  expect(failures).toBeGreaterThan(20);
  expect(failures).toBeLessThan(60);
  await new Promise<void>((resolve) => prometheus.server.listen(port, '127.0.0.1', resolve));
  await fix.pass(3 * MINUTE);
  expect(await fix.status()).toBe('resolved');
});

it('says that traffic was not measured where nothing measures it, and watches twice as long', async () => {
  const fix = await mergedFix();
  deployed(fix, fix.merge);
  await fix.pass(58 * MINUTE);
  expect(await fix.status()).toBe('watching');
  await fix.pass(3 * MINUTE);
  expect(await fix.status()).toBe('resolved');
  expect(report(fix)).toContain('how many requests came meanwhile was not measured');
});

it('rolls back when the error comes again from the new release, not when an old one still runs', async () => {
  const fix = await mergedFix({ event: { release: '1.0.0' } });
  run(fix.root, 'tag', '1.0.0', fix.base);
  deployed(fix, fix.merge);
  await fix.pass(55 * MINUTE);
  await fix.occur();
  await fix.pass(6 * MINUTE);
  // Old instances still answer: no reason to take the fix back, nor to call it solved.
  expect(await fix.status()).toBe('watching');
  expect(watchLine(fix.bench, await fix.record())).toContain('a release without the fix still runs');
  await fix.occur({ release: fix.merge.slice(0, 12) });
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('rolled_back');
  expect(rollbackOf(fix.bench.db, INCIDENT, 1)?.why).toContain('the error came again after the deploy: once');
});

it('decides nothing by figures of an unknown number of requests', async () => {
  const prometheus = await figures({ error_rate: 0.5, p95_ms: 90, requests: 500 });
  const fix = await mergedFix({ watch: `{ prometheus: "${prometheus.url}", queries: { error_rate: errors } }` });
  deployed(fix, fix.merge);
  await fix.pass(80 * MINUTE, 30_000);
  expect(await fix.status()).toBe('watching');
  expect(watchOf(fix.bench.db, INCIDENT, 1)?.why).toBe('the error rate has become worse');
});

it('compares a canary with everything else at the same time', async () => {
  const asked: string[] = [];
  const prometheus = await loopbackPrometheus(({ query }) => {
    asked.push(query);
    if (query.startsWith('all')) return 500;
    return query.includes('track="canary"') ? 0.08 : 0.005;
  });
  const queries = `{ error_rate: "errors{$canary}", requests: "all{$canary}", canary: "track=\\"canary\\"" }`;
  const fix = await mergedFix({ watch: `{ prometheus: "${prometheus.url}", compare: canary, queries: ${queries} }` });
  deployed(fix, fix.merge);
  await fix.pass(2 * MINUTE);
  expect(await fix.status()).toBe('rolled_back');
  expect(watchOf(fix.bench.db, INCIDENT, 1)?.why).toContain('more than twice the 0.5 % outside the canary');
  expect(new Set(asked)).toEqual(new Set(['errors{track="canary"}', 'errors{track!="canary"}', 'all{track="canary"}']));
});

it('takes an error of no release in the moment of the deploy for one of an old instance', async () => {
  const fix = await mergedFix();
  deployed(fix, fix.merge);
  await fix.look();
  fix.clock.at += 20_000;
  await fix.occur();
  await fix.pass(2 * MINUTE);
  expect(await fix.status()).toBe('watching');
  await fix.occur();
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('rolled_back');
});

it('counts nothing that happened before the deploy and was only told late', async () => {
  const fix = await mergedFix();
  fix.clock.at += 10 * MINUTE;
  deployed(fix, fix.merge);
  await fix.look();
  await fix.pass(5 * MINUTE);
  const early = at(START + 9 * MINUTE);
  await fix.occur({ last_seen: early });
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('watching');
  await fix.occur();
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('rolled_back');
});

it('does not count the time in which nobody looked', async () => {
  const fix = await mergedFix();
  deployed(fix, fix.merge);
  await fix.pass(20 * MINUTE);
  fix.clock.at += 24 * 60 * MINUTE;
  fix.restart();
  await fix.pass(30 * MINUTE);
  expect(await fix.status()).toBe('watching');
  await fix.pass(12 * MINUTE);
  expect(await fix.status()).toBe('resolved');
});

it('opens a new round with memory when the error comes back after it was resolved, and after it was rolled back', async () => {
  const fix = await mergedFix();
  deployed(fix, fix.merge);
  await fix.pass(62 * MINUTE);
  expect(await fix.status()).toBe('resolved');
  const recorded = await fix.occur();
  expect(recorded).toMatchObject({ reopened: true, record: { status: 'detected', round: 2 } });
  expect(watchOf(fix.bench.db, INCIDENT, 1)?.verdict).toBe('resolved');

  const again = await mergedFix();
  deployed(again, again.merge);
  await again.pass(MINUTE);
  await again.occur();
  await again.pass(MINUTE);
  expect(await again.status()).toBe('rolled_back');
  expect(await again.occur()).toMatchObject({ reopened: true, record: { status: 'detected', round: 2 } });
  expect(refusedContext(again.bench.db, INCIDENT)).toContain('Round 1');
});

it('leaves the user’s checkout as it is', async () => {
  const fix = await mergedFix();
  const state = () => [
    run(fix.root, 'status', '--porcelain'),
    run(fix.root, 'rev-parse', 'HEAD'),
    run(fix.root, 'stash', 'list'),
  ];
  const before = state();
  deployed(fix, fix.merge);
  await fix.pass(MINUTE);
  await fix.occur();
  await fix.pass(MINUTE);
  expect(await fix.status()).toBe('rolled_back');
  expect(state().map((text) => text.replace(/\?\? \.self-healing\/\n?/, ''))).toEqual(
    before.map((text) => text.replace(/\?\? \.self-healing\/\n?/, '')),
  );
  expect(existsSync(join(fix.root, '.git', 'index.lock'))).toBe(false);
});
