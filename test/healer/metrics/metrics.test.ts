/** The figures, from rows that were written the way the product writes them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { metricsText } from '../../../cli/formats/metrics-text.ts';
import { metricsOf } from '../../../healer/metrics/figures.ts';
import { closedRounds, DRY_RUN } from '../../../store/rounds.ts';
import type { Database } from '../../../store/sqlite.ts';
import { openState } from '../../../store/state-db.ts';
import { HOUR, history, START } from './history.ts';

let root: string;
let db: Database;
const clock = { now: START };
const { at, incident, go, goBecause, diagnosed, ran, passed, proposed } = history(() => db, clock);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'self-healing-metrics-'));
  db = openState(root);
  clock.now = START;
});
afterEach(() => {
  db.close();
  rmSync(root, { recursive: true, force: true });
});

it('counts each figure from its rows, and says what it counted', async () => {
  // Fixed at the first attempt within an hour, and merged as it was.
  const good = await incident('a');
  await go(good, 'detected', 'queued', 'healing');
  diagnosed(good, 'runtime_error');
  ran(good, 1, 1);
  clock.now += HOUR;
  passed(good);
  await proposed(good);
  await go(good, 'merged', 'watching', 'resolved');
  // Rescued by the first retry, changed on request, merged, and rolled back; then it was handed over.
  clock.now = START;
  const bad = await incident('b', 'github');
  await go(bad, 'detected', 'queued', 'healing');
  diagnosed(bad, 'type_error');
  ran(bad, 1, 0.5);
  clock.now += HOUR;
  ran(bad, 2, 0.5);
  clock.now += 2 * HOUR;
  passed(bad);
  await proposed(bad);
  await go(bad, 'queued', 'healing');
  await proposed(bad);
  await go(bad, 'merged', 'watching', 'rolled_back');
  clock.now = Date.parse('2026-12-01T00:00:00.000Z');
  await go(bad, 'detected', 'queued', 'healing');
  ran(bad, 1, 1, 2);
  clock.now += 60_000;
  ran(bad, 2, 1, 2);
  await go(bad, 'escalated');
  // Rejected by a person.
  clock.now = START;
  const no = await incident('c');
  await go(no, 'detected', 'queued', 'healing');
  ran(no, 1, 1);
  await proposed(no);
  await go(no, 'rejected');
  // These are no fixes that failed: dismissed, still at work, and skipped.
  const other = await incident('d');
  await go(other, 'detected', 'queued', 'healing', 'dismissed');
  await go(await incident('e'), 'detected', 'queued', 'healing');
  await go(await incident('f'), 'detected', 'awaiting_start', 'skipped');

  const figures = metricsOf(closedRounds(db, { since: at(START) }), at(START));
  expect(figures.overall).toEqual({
    auto_fix_rate: { value: 0.75, numerator: 3, denominator: 4 },
    time_to_fix_s: { value: 3600, numerator: 4 * 3600, denominator: 3 },
    fix_accuracy: { value: 0.3333, numerator: 1, denominator: 3 },
    false_positive_rate: { value: 0.6667, numerator: 2, denominator: 3 },
    regression_rate: { value: 0.5, numerator: 1, denominator: 2 },
    recovery_rate: { value: 0.5, numerator: 1, denominator: 2 },
    cost_per_fix_usd: { value: 1.6667, numerator: 5, denominator: 3 },
  });
  expect(Object.keys(figures.by_class)).toEqual(['runtime_error', 'type_error', 'undiagnosed']);
  expect(figures.by_source.github?.auto_fix_rate).toEqual({ value: 0.5, numerator: 1, denominator: 2 });
  expect(figures.by_month['2026-11']?.auto_fix_rate).toEqual({ value: 1, numerator: 3, denominator: 3 });
  expect(figures.by_month['2026-12']?.auto_fix_rate).toEqual({ value: 0, numerator: 0, denominator: 1 });
  // What ended before the time that is asked for is left out.
  expect(metricsOf(closedRounds(db, { since: '2026-11-30T00:00:00.000Z' }), '').overall.auto_fix_rate.denominator).toBe(
    1,
  );
  const text = metricsText(figures, { columns: 80 });
  expect(text).toContain('4 errors brought to an end, 3 with a proposal');
  expect(text).toMatch(/fixed by itself +75 % +3 of 4/);
  expect(text).toMatch(/cost of a proposal +\$1\.67 +\$5\.00 for 3/);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

it('has no value where nothing was counted', () => {
  const { overall } = metricsOf(closedRounds(db, { since: at(0) }), at(0));
  for (const figure of Object.values(overall)) expect(figure).toEqual({ value: null, numerator: 0, denominator: 0 });
  expect(metricsText(metricsOf([], at(START)), { columns: 80 })).toContain('Nothing to count yet');
});

it('counts what a dry run proved as proposed where that is asked for, and nowhere else', async () => {
  const tried = await incident('a');
  await go(tried, 'detected', 'queued', 'healing');
  diagnosed(tried, 'runtime_error');
  ran(tried, 1, 0.5);
  clock.now += HOUR;
  await go(tried, 'verified');
  await goBecause(tried, DRY_RUN, 'awaiting_publish');
  // Waits for a person as well, but nobody said that it was a trial.
  const waits = await incident('b');
  await go(waits, 'detected', 'queued', 'healing', 'verified', 'awaiting_publish');
  const since = at(START);
  expect(metricsOf(closedRounds(db, { since }), since).overall.auto_fix_rate.denominator).toBe(0);
  const figures = metricsOf(closedRounds(db, { since, dryRun: true }), since);
  expect(figures.overall).toMatchObject({
    auto_fix_rate: { value: 1, numerator: 1, denominator: 1 },
    time_to_fix_s: { value: 3600 },
    cost_per_fix_usd: { value: 0.5 },
    fix_accuracy: { value: null },
  });
  expect(metricsText(figures, { columns: 80, dryRun: true })).toContain(
    '1 with a proposal, made or only tried in a dry run',
  );
});
