/** How a watch ends: the verdict is a row before the incident moves, so that a crash between the two changes nothing. */
import type { IncidentRecord } from '../../store/incidents.ts';
import { saveHandOver } from '../../store/notices.ts';
import { runsOf } from '../../store/runs.ts';
import type { IncidentStatus } from '../../store/states.ts';
import { endWatch, type Watch } from '../../store/watches.ts';
import type { HandOverPayload } from '../fixes/hand-over.ts';
import { reportPath } from '../publishing/report/file.ts';
import type { Workbench } from '../workbench.ts';
import { writeWatchSection } from './report-section.ts';

const WHO = 'watch';
type Verdict = NonNullable<Watch['verdict']>;
const BECOMES: Record<Verdict, IncidentStatus> = {
  resolved: 'resolved',
  rolled_back: 'rolled_back',
  handed_over: 'escalated',
};

export async function endAs(
  bench: Workbench,
  record: IncidentRecord,
  { verdict, why, needs }: { verdict: Verdict; why: string; needs?: string },
): Promise<void> {
  if (needs !== undefined) tell(bench, record, why, needs);
  endWatch(bench.db, record, { verdict, why, at: bench.now().toISOString() });
  await moveOn(bench, record, verdict, why);
}

/** Also for what an earlier process decided and did not carry out. */
export async function moveOn(bench: Workbench, record: IncidentRecord, verdict: Verdict, why: string) {
  const { incident } = record;
  await bench.incidents.transition({ incident, to: BECOMES[verdict], who: WHO, why, from: ['watching'] });
  await writeWatchSection(bench, record);
}

/** What people are told, written before the transition that makes it due. */
function tell(bench: Workbench, { incident, round }: IncidentRecord, reason: string, needs: string): void {
  const runs = runsOf(bench.db, incident, round);
  const payload: HandOverPayload = {
    job_id: runs.at(-1)?.id ?? null,
    incident,
    round,
    attempts: Math.max(1, ...runs.map(({ attempt }) => attempt)),
    failure_mode: null,
    failure_summary: reason,
    needs,
    requires_action: true,
    report: reportPath(incident),
  };
  saveHandOver(bench.db, incident, round, payload, bench.now());
}
