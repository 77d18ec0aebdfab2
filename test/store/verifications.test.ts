import { expect, it } from 'vitest';
import {
  appendVerification,
  latestVerification,
  type VerificationRow,
  verificationsOf,
} from '../../store/verifications.ts';
import { temporaryState } from './temporary.ts';

const row = (id: string, changes: Partial<VerificationRow> = {}): VerificationRow => ({
  id,
  incident: 'INC-1',
  round: 1,
  run: null,
  iteration: 1,
  tree: 'a'.repeat(40),
  verdict: 'fail',
  result: { checks: { guardrails: ['x'] } },
  by: 'server',
  at: '2026-11-20T10:00:00.000Z',
  ...changes,
});

it('keeps every verification, in order, unchangeable', () => {
  const database = temporaryState();
  const rows = [row('1'), row('2', { verdict: 'pass', run: 'r', iteration: 2 }), row('3', { round: 2, by: 'parent' })];
  for (const one of rows) appendVerification(database, one);
  expect(verificationsOf(database, 'INC-1')).toEqual(rows);
  expect(verificationsOf(database, 'INC-1', 2)).toEqual([rows[2]]);
  expect(latestVerification(database, 'INC-1', 1)).toEqual(rows[1]);
  expect(latestVerification(database, 'INC-2', 1)).toBeUndefined();
  expect(() => database.run("UPDATE verifications SET verdict = 'pass'")).toThrow(/append-only/);
  expect(() => database.run('DELETE FROM verifications')).toThrow(/append-only/);
});
