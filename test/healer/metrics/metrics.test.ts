/** The figures, from rows that were written the way the product writes them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { metricsText } from '../../../cli/formats/metrics-text.ts';
import { metricsOf } from '../../../healer/metrics/figures.ts';
import { setDiagnosis } from '../../../store/diagnoses.ts';
import { saveProposal } from '../../../store/proposals.ts';
import { closedRounds } from '../../../store/rounds.ts';
import { finishRun, insertRun, unseenEnd } from '../../../store/runs.ts';
import type { Database } from '../../../store/sqlite.ts';
import { sqliteIncidents } from '../../../store/sqlite-incidents.ts';
import { openState } from '../../../store/state-db.ts';
import type { IncidentStatus } from '../../../store/states.ts';
import { appendVerification } from '../../../store/verifications.ts';
import { eventRow } from '../../store/incidents.contract.ts';

const START = Date.parse('2026-11-01T00:00:00.000Z');
const HOUR = 3_600_000;

let root: string;
let db: Database;
let now: number;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'self-healing-metrics-'));
  db = openState(root);
  now = START;
});
afterEach(() => {
  db.close();
  rmSync(root, { recursive: true, force: true });
});

const at = (ms = now) => new Date(ms).toISOString();
const store = () => sqliteIncidents(db, () => new Date(now));

async function incident(name: string, source = 'sentry'): Promise<string> {
  const fingerprint = name.padEnd(16, '0');
  await store().record(
    eventRow({ id: name, fingerprint, source, first_seen: at(), last_seen: at(), received_at: at() }),
  );
  return `INC-${fingerprint}`;
}

async function go(id: string, ...states: IncidentStatus[]): Promise<void> {
  for (const to of states) {
    const result = await store().transition({ incident: id, to, who: 'test', why: 'as the test wants' });
    if (!result.ok) throw new Error(`${id} cannot become ${to}: ${result.reason}`);
  }
}

function diagnosed(id: string, failure_type: string, round = 1): void {
  setDiagnosis(db, {
    incident: id,
    round,
    root_cause: 'x',
    failure_type,
    affected_files: ['a.ts'],
    confidence: 0.9,
    reasoning: 'y',
    at: at(),
  });
}

function ran(id: string, attempt: number, cost: number, round = 1): void {
  const run = `${id}/${round}/${attempt}`;
  insertRun(db, { id: run, incident: id, round, attempt, phase: 'fix', started_at: at() });
  finishRun(db, run, { ...unseenEnd(new Date(now), null), cost_usd: cost });
}

function passed(id: string, round = 1): void {
  appendVerification(db, {
    id: `v-${id}-${round}-${now}`,
    incident: id,
    round,
    run: null,
    iteration: 1,
    tree: 'a'.repeat(40),
    verdict: 'pass',
    result: {},
    by: 'parent',
    at: at(),
  });
}

async function proposed(id: string, round = 1): Promise<void> {
  await go(id, 'verified', 'proposed');
  saveProposal(db, {
    incident: id,
    round,
    branch: 'b',
    commit: 'c'.repeat(40),
    tree: 'a'.repeat(40),
    url: null,
    base_branch: 'main',
    status: 'pushed',
    title: 't',
    summary: 's',
    at: at(),
  });
}

it('counts each figure from its rows, and says what it counted', async () => {
  // Fixed at the first attempt within an hour, and merged as it was.
  const good = await incident('a');
  await go(good, 'detected', 'queued', 'healing');
  diagnosed(good, 'runtime_error');
  ran(good, 1, 1);
  now += HOUR;
  passed(good);
  await proposed(good);
  await go(good, 'merged', 'watching', 'resolved');
  // Rescued by the first retry, changed on request, merged, and rolled back; then it was handed over.
  now = START;
  const bad = await incident('b', 'github');
  await go(bad, 'detected', 'queued', 'healing');
  diagnosed(bad, 'type_error');
  ran(bad, 1, 0.5);
  now += HOUR;
  ran(bad, 2, 0.5);
  now += 2 * HOUR;
  passed(bad);
  await proposed(bad);
  await go(bad, 'queued', 'healing');
  await proposed(bad);
  await go(bad, 'merged', 'watching', 'rolled_back');
  now = Date.parse('2026-12-01T00:00:00.000Z');
  await go(bad, 'detected', 'queued', 'healing');
  ran(bad, 1, 1, 2);
  now += 60_000;
  ran(bad, 2, 1, 2);
  await go(bad, 'escalated');
  // Rejected by a person.
  now = START;
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

  const figures = metricsOf(closedRounds(db, at(START)), at(START));
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
  expect(metricsOf(closedRounds(db, '2026-11-30T00:00:00.000Z'), '').overall.auto_fix_rate.denominator).toBe(1);
  const text = metricsText(figures, 80);
  expect(text).toContain('4 errors brought to an end, 3 with a proposal');
  expect(text).toMatch(/fixed by itself +75 % +3 of 4/);
  expect(text).toMatch(/cost of a proposal +\$1\.67 +\$5\.00 for 3/);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

it('has no value where nothing was counted', () => {
  const { overall } = metricsOf(closedRounds(db, at(0)), at(0));
  for (const figure of Object.values(overall)) expect(figure).toEqual({ value: null, numerator: 0, denominator: 0 });
  expect(metricsText(metricsOf([], at(START)), 80)).toContain('Nothing to count yet');
});
