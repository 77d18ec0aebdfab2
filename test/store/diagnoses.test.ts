import { expect, it } from 'vitest';
import { diagnosisOf, type NewDiagnosis, setDiagnosis, widenDiagnosis } from '../../store/diagnoses.ts';
import { temporaryState } from './temporary.ts';

const diagnosis: NewDiagnosis = {
  incident: 'INC-1',
  round: 1,
  root_cause: 'the tenant is missing',
  failure_type: 'runtime_error',
  affected_files: ['src/a.ts', 'src/a.ts'],
  confidence: 0.9,
  reasoning: 'because',
  at: '2026-11-20T10:00:00.000Z',
};
const widening = { files: ['src/b.ts', 'src/a.ts'], reason: 'its caller', at: '2026-11-20T10:01:00.000Z' };

it('is set once in a round; afterwards only files can be added', () => {
  const database = temporaryState();
  expect(widenDiagnosis(database, 'INC-1', 1, widening)).toBeUndefined();
  expect(setDiagnosis(database, diagnosis)).toBe(true);
  expect(setDiagnosis(database, { ...diagnosis, confidence: 1 })).toBe(false);
  expect(setDiagnosis(database, { ...diagnosis, round: 2, confidence: 0.5 })).toBe(true);
  const widened = widenDiagnosis(database, 'INC-1', 1, widening);
  expect(widened).toEqual({
    ...diagnosis,
    affected_files: ['src/a.ts', 'src/b.ts'],
    widened: [{ ...widening, files: ['src/b.ts'] }],
  });
  expect(widenDiagnosis(database, 'INC-1', 1, widening)).toEqual(widened);
  expect(diagnosisOf(database, 'INC-1', 1)).toEqual(widened);
  expect(diagnosisOf(database, 'INC-1', 2)).toMatchObject({
    confidence: 0.5,
    affected_files: ['src/a.ts'],
    widened: [],
  });
  expect(() => database.run('UPDATE diagnoses SET confidence = 1')).toThrow(/set once/);
});
