/**
 * The diagnosis as the parent saw it being recorded. The agent has a shell and could write the database, so the row
 * counts only when it is what the stream showed: the calls of `record_diagnosis` that the server accepted.
 */
import { relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import type { Diagnosis } from '../../store/diagnoses.ts';
import type { StreamEvent } from '../runs/stream.ts';

const callSchema = z.object({
  incident: z.string(),
  root_cause: z.string(),
  failure_type: z.string(),
  affected_files: z.array(z.string()),
  confidence: z.number(),
  reasoning: z.string(),
});
type Shown = z.infer<typeof callSchema>;

/** Below the threshold it is recorded and answered with an error all the same. */
const RECORDED = /The diagnosis is recorded/;

export interface DiagnosisWitness {
  /** What a run's stream showed; runs are told in their order. */
  saw(events: readonly StreamEvent[], worktree: string): void;
  /** Why the row is not what was seen, or undefined when it is. */
  objection(row: Diagnosis | undefined): string | undefined;
}

/** `known`: the row that was there before any run of this process, made by an earlier one. */
export function witnessDiagnosis(incident: string, known: Diagnosis | undefined): DiagnosisWitness {
  let seen: Shown | undefined = known && { ...known };
  return {
    saw(events, worktree) {
      for (const call of acceptedCalls(events, incident)) {
        const files = call.affected_files.map((file) => pathIn(worktree, file));
        seen =
          seen === undefined
            ? { ...call, affected_files: files }
            : { ...seen, affected_files: [...seen.affected_files, ...files] };
      }
    },
    objection(row) {
      if (row === undefined && seen === undefined) return undefined;
      if (row === undefined) return 'The diagnosis that was recorded is not in the database any more.';
      if (seen === undefined) return 'The database holds a diagnosis that no call of the run recorded.';
      const differs = (['failure_type', 'confidence', 'root_cause', 'reasoning'] as const).find(
        (field) => row[field] !== seen?.[field],
      );
      if (differs !== undefined) return `The recorded ${differs} is not what the run recorded.`;
      const shown = new Set(seen.affected_files);
      const added = row.affected_files.filter((file) => !shown.has(file));
      return added.length > 0
        ? `The recorded scope holds files that no call of the run named: ${added.slice(0, 5).join(', ')}.`
        : undefined;
    },
  };
}

function acceptedCalls(events: readonly StreamEvent[], incident: string): Shown[] {
  const accepted = new Set(
    events.flatMap((event) =>
      event.kind === 'tool_result' && (!event.isError || RECORDED.test(event.text)) ? [event.id] : [],
    ),
  );
  return events.flatMap((event) => {
    if (event.kind !== 'tool_use' || !event.name.endsWith('living-context__record_diagnosis')) return [];
    const call = callSchema.safeParse(event.input);
    return accepted.has(event.id) && call.success && call.data.incident === incident ? [call.data] : [];
  });
}

function pathIn(worktree: string, file: string): string {
  return relative(worktree, resolve(worktree, file)).split(sep).join('/');
}
