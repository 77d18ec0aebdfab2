/** What `metrics --month` prints for a team's channel. */
import { expect, it } from 'vitest';
import { monthText } from '../../../cli/formats/month-text.ts';
import { monthMetrics, monthOf } from '../../../healer/metrics/month.ts';
import { sampleBench } from '../sample-repository.ts';
import { HOUR, history, START } from './history.ts';

it('says a month in a few lines, beside the month before', async () => {
  const clock = { now: Date.parse('2026-10-10T00:00:00.000Z') };
  const { bench } = await sampleBench({ 'a.txt': 'a' }, { now: () => new Date(clock.now) });
  const { incident, go, diagnosed, ran, proposed } = history(() => bench.db, clock);
  const heal = async (name: string, source: string, failure_type: string) => {
    const id = await incident(name, source);
    await go(id, 'detected', 'queued', 'healing');
    diagnosed(id, failure_type);
    ran(id, 1, 1.5);
    clock.now += HOUR;
    return id;
  };
  await proposed(await heal('a', 'sentry', 'runtime_error'));
  await go(await heal('b', 'sentry', 'runtime_error'), 'escalated');
  clock.now = START + HOUR;
  const merged = await heal('c', 'github', 'type_error');
  await proposed(merged);
  await go(merged, 'merged');
  await proposed(await heal('d', 'sentry', 'runtime_error'));
  await go(await heal('e', 'sentry', 'runtime_error'), 'escalated');
  clock.now = Date.parse('2026-12-01T00:00:00.000Z');
  await go(await heal('f', 'sentry', 'runtime_error'), 'escalated');

  expect(monthOf(bench.now(), -1)).toBe('2026-11');
  expect(monthText(monthMetrics(bench, '2026-11', { dryRun: false }))).toBe(
    [
      'self-healing in November 2026',
      '',
      '- 3 errors came to an end: 2 with a proposed fix, 66.7 % (the month before: 50 %); 1 handed over to a person.',
      '- Merged as proposed: 1 of 1 that were decided, 100 %.',
      '- From the error to the proposal: 60 min (the month before: 60 min), median.',
      '- Cost: $4.50 in all, $2.25 (the month before: $3.00) a proposal.',
      '- By class: runtime_error 1 of 2, type_error 1 of 1.',
      '- By source: sentry 1 of 2, github 1 of 1.',
    ].join('\n'),
  );
  expect(monthText(monthMetrics(bench, '2026-12', { dryRun: false }))).toMatch(
    /^self-healing in December 2026, so far\n/,
  );
  expect(monthText(monthMetrics(bench, '2026-09', { dryRun: false }))).toBe(
    'self-healing in September 2026: no error came to an end.',
  );
});
