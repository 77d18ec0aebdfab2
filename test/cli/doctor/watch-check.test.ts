import { expect, it } from 'vitest';
import { watchCheck } from '../../../cli/doctor/watch-check.ts';
import { configSchema } from '../../../context/schemas/config.ts';
import { loopbackPrometheus } from '../../healer/watching/loopback-prometheus.ts';

const check = (watch: object) =>
  watchCheck(configSchema.parse({ version: '1.0', watch }).watch, new AbortController().signal);

it('is silent without settings, and content when every query gives a number', async () => {
  expect(await check({})).toBeUndefined();
  const { url, asked } = await loopbackPrometheus(() => 0.5);
  const queries = { error_rate: 'errors{$canary}[$window]', requests: 'all', canary: 'track="canary"' };
  expect(await check({ prometheus: url, queries })).toMatchObject({ name: 'watch', status: 'ok' });
  expect(asked.map(({ query }) => query)).toEqual(['errors{}[300s]', 'all']);
});

it('names every query that gives nothing, what contradicts, and a Prometheus that is not there', async () => {
  const { url } = await loopbackPrometheus(({ query }) => (query === 'all' ? null : 'two series'));
  const watch = { compare: 'canary', rollback: { mode: 'command' } };
  const queries = { p95_ms: 'p95', requests: 'all' };
  const { status, detail } = (await check({ ...watch, prometheus: url, queries })) ?? {};
  expect(status).toBe('warn');
  expect(detail).toContain('watch.queries.canary is no selector');
  expect(detail).toContain('watch.queries.p95_ms: the query gives 2 series');
  expect(detail).toContain('watch.queries.requests gives nothing now');
  expect(detail).toContain('watch.rollback.command is empty');
  const down = await check({ prometheus: 'http://127.0.0.1:59997', queries: { error_rate: 'x' } });
  expect(down?.detail).toContain('Prometheus could not be reached');
  expect(down?.detail).toContain('watch.queries.requests is empty');
});
