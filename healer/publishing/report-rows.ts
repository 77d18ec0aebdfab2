/** Gathers what a report is made from: rows of the store, and the difference between two trees. */

import { eventSchema } from '../../events/event.ts';
import { redact } from '../../events/redact.ts';
import type { Change } from '../../gate/changes.ts';
import type { Verification } from '../../gate/verification.ts';
import { bindingsOf } from '../../store/bindings.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import { runsOf } from '../../store/runs.ts';
import { lastSteps } from '../../store/steps.ts';
import { verificationsOf } from '../../store/verifications.ts';
import { requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';
import type { ReportFacts } from './report-facts.ts';

export interface ReportSubject {
  incident: string;
  base: ReportFacts['base'];
  warnings: string[];
}

/** Text that a model wrote is redacted on its way into a report; events were redacted at intake. */
export async function reportFacts(
  bench: Workbench,
  subject: ReportSubject,
  verification: Verification | undefined,
  changes: Change[],
): Promise<ReportFacts> {
  const record = await requireIncident(bench.incidents, subject.incident);
  const diagnosis = diagnosisOf(bench.db, record.incident, record.round);
  return {
    record,
    event: eventSchema.parse(record.event),
    diagnosis: diagnosis && {
      ...diagnosis,
      root_cause: clean(diagnosis.root_cause),
      reasoning: clean(diagnosis.reasoning),
      widened: diagnosis.widened.map(({ files, reason }) => ({ files, reason: clean(reason) })),
    },
    base: subject.base,
    verification,
    iterations: verificationsOf(bench.db, record.incident, record.round).length,
    changes,
    guarded: wasGuarded(bench, record.incident, record.round),
    warnings: subject.warnings,
  };
}

/** Whether a hook told of any call of the round's runs; where no agent ran, nothing had to be guarded. */
function wasGuarded(bench: Workbench, incident: string, round: number): boolean {
  const runs = runsOf(bench.db, incident, round);
  const [first] = runs;
  if (!first) return true;
  const bound = bindingsOf(bench.db, incident).some(({ at }) => at >= first.started_at);
  return bound || runs.some(({ id }) => lastSteps(bench.db, id, 1).length > 0);
}

/** Without secrets and personal data. */
export function clean(text: string): string {
  return redact(text, { ips: true });
}
