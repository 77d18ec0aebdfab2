/** How a person sees the change of a proven fix that waits for them: in their own repository, without a branch of it yet. */
import type { IncidentRecord } from '../../store/incidents.ts';
import { latestVerification } from '../../store/verifications.ts';
import type { Workbench } from '../workbench.ts';
import { readRecord } from '../worktrees/record.ts';

/** A `git diff` of exactly what would be published; undefined where nothing waits, or what was kept is gone. */
export async function lookAtKept(
  bench: Workbench,
  { incident, round, status }: Pick<IncidentRecord, 'incident' | 'round' | 'status'>,
): Promise<string | undefined> {
  if (status !== 'verified' && status !== 'awaiting_publish') return undefined;
  const kept = await readRecord(bench.repository, incident);
  const last = latestVerification(bench.db, incident, round);
  if (kept?.round !== round || last?.verdict !== 'pass') return undefined;
  return `git diff ${kept.base.slice(0, 12)} ${last.tree.slice(0, 12)}`;
}
