/** The diagnosis of an incident's round: set once; afterwards its files may only become more, each time with a reason. */
import { z } from 'zod';
import type { Database } from './sqlite.ts';

const widenedSchema = z.array(z.object({ files: z.array(z.string()), reason: z.string(), at: z.string() }));
export type Widening = z.infer<typeof widenedSchema>[number];

export interface NewDiagnosis {
  incident: string;
  round: number;
  root_cause: string;
  failure_type: string;
  /** Repository-relative. */
  affected_files: string[];
  /** 0 to 1. */
  confidence: number;
  reasoning: string;
  /** ISO 8601. */
  at: string;
}

export interface Diagnosis extends NewDiagnosis {
  /** Which of `affected_files` were added later, and why. */
  widened: Widening[];
}

/** False, and nothing changed, when the round has a diagnosis already. */
export function setDiagnosis(database: Database, diagnosis: NewDiagnosis): boolean {
  const { affected_files, ...columns } = diagnosis;
  const { changes } = database.run(
    `INSERT INTO diagnoses (incident, round, root_cause, failure_type, affected_files_json, confidence, reasoning, at,
       widened_json)
     VALUES (:incident, :round, :root_cause, :failure_type, :affected_files_json, :confidence, :reasoning, :at, '[]')
     ON CONFLICT (incident, round) DO NOTHING`,
    { ...columns, affected_files_json: JSON.stringify([...new Set(affected_files)]) },
  );
  return changes === 1;
}

export function diagnosisOf(database: Database, incident: string, round: number): Diagnosis | undefined {
  const row = database.get<Omit<Diagnosis, 'affected_files' | 'widened'> & Record<JsonColumn, string>>(
    'SELECT * FROM diagnoses WHERE incident = ? AND round = ?',
    [incident, round],
  );
  if (!row) return undefined;
  const { affected_files_json, widened_json, ...columns } = row;
  return {
    ...columns,
    affected_files: z.array(z.string()).parse(JSON.parse(affected_files_json)),
    widened: widenedSchema.parse(JSON.parse(widened_json)),
  };
}
type JsonColumn = 'affected_files_json' | 'widened_json';

/** The widened diagnosis, or undefined when the round has none. Files that it names already add nothing. */
export function widenDiagnosis(
  database: Database,
  incident: string,
  round: number,
  widening: Widening,
): Diagnosis | undefined {
  return database.tx(() => {
    const before = diagnosisOf(database, incident, round);
    if (!before) return undefined;
    const files = [...new Set(widening.files)].filter((file) => !before.affected_files.includes(file));
    if (files.length === 0) return before;
    const affected_files = [...before.affected_files, ...files];
    const widened = [...before.widened, { ...widening, files }];
    database.run(
      `UPDATE diagnoses SET affected_files_json = :affected_files, widened_json = :widened
       WHERE incident = :incident AND round = :round`,
      { incident, round, affected_files: JSON.stringify(affected_files), widened: JSON.stringify(widened) },
    );
    return { ...before, affected_files, widened };
  });
}
