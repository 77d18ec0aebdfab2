import { describe, expect, it } from 'vitest';
import { witnessDiagnosis } from '../../../healer/heal/shown-diagnosis.ts';
import type { StreamEvent } from '../../../healer/runs/stream.ts';
import type { Diagnosis } from '../../../store/diagnoses.ts';

const INCIDENT = 'INC-0123456789abcdef';
const INPUT = {
  incident: INCIDENT,
  root_cause: 'a.js:3 reads from undefined',
  failure_type: 'runtime_error',
  affected_files: ['src/a.js'],
  confidence: 0.9,
  reasoning: 'seen',
};
const ROW: Diagnosis = { ...INPUT, round: 1, at: '2026-11-20T10:00:00.000Z', widened: [] };

let calls = 0;
function recorded(input: object, result: { isError?: boolean; text?: string } = {}): StreamEvent[] {
  const id = `call-${++calls}`;
  return [
    { kind: 'tool_use', id, name: 'mcp__plugin_self-healing_living-context__record_diagnosis', input: { ...input } },
    { kind: 'tool_result', id, isError: result.isError ?? false, text: result.text ?? '{}' },
  ];
}

function objection(row: Diagnosis | undefined, ...runs: StreamEvent[][]): string | undefined {
  const witness = witnessDiagnosis(INCIDENT, undefined);
  for (const events of runs) witness.saw(events, '/work tree');
  return witness.objection(row);
}

describe('the diagnosis that was seen', () => {
  it('is the row, also below the threshold and with absolute paths', () => {
    expect(objection(ROW, recorded(INPUT))).toBeUndefined();
    expect(objection(ROW, recorded({ ...INPUT, affected_files: ['/work tree/src/a.js'] }))).toBeUndefined();
    const low = { isError: true, text: 'not_allowed: The diagnosis is recorded, but its confidence 0.5 is below' };
    expect(objection({ ...ROW, confidence: 0.5 }, recorded({ ...INPUT, confidence: 0.5 }, low))).toBeUndefined();
    expect(objection(undefined)).toBeUndefined();
  });

  it('may be widened by a later accepted call, in the same run or in the next', () => {
    const wider = { ...ROW, affected_files: ['src/a.js', 'src/b.js'] };
    const more = recorded({ ...INPUT, affected_files: ['src/b.js'], reasoning: 'its caller, too' });
    expect(objection(wider, [...recorded(INPUT), ...more])).toBeUndefined();
    expect(objection(wider, recorded(INPUT), more)).toBeUndefined();
  });

  it('refuses a row that nobody was seen to record, and one that is gone', () => {
    expect(objection(ROW)).toMatch(/no call of the run recorded/);
    expect(objection(ROW, recorded(INPUT, { isError: true, text: 'bad_input: no' }))).toMatch(/no call of the run/);
    expect(objection(ROW, recorded({ ...INPUT, incident: 'INC-ffffffffffffffff' }))).toMatch(/no call of the run/);
    expect(objection(undefined, recorded(INPUT))).toMatch(/not in the database any more/);
  });

  it.each<[string, Partial<Diagnosis>]>([
    ['failure_type', { failure_type: 'lint_error' }],
    ['confidence', { confidence: 0.99 }],
    ['root_cause', { root_cause: 'something else' }],
    ['scope', { affected_files: ['src/a.js', 'src/auth/session.js'] }],
  ])('refuses a %s that was changed behind the server', (_, change) => {
    expect(objection({ ...ROW, ...change }, recorded(INPUT))).toMatch(
      /not what the run recorded|no call of the run named/,
    );
  });

  it('begins with the row of an earlier process, and holds the runs of this one to it', () => {
    const witness = witnessDiagnosis(INCIDENT, ROW);
    expect(witness.objection(ROW)).toBeUndefined();
    expect(witness.objection({ ...ROW, affected_files: ['src/a.js', 'src/z.js'] })).toMatch(/src\/z\.js/);
  });
});
