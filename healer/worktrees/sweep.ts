/** Takes away worktrees of incidents that nobody works on any more; what was changed in them is saved first. */
import type { IncidentStatus } from '../../store/states.ts';
import { workingConfig } from '../incidents/working-config.ts';
import type { Workbench } from '../workbench.ts';
import { outsideTree } from './outside-tree.ts';
import { listRecords } from './record.ts';
import { removeWorktree } from './worktree.ts';

/** An escalated one is kept: a person was told to look at it. */
const OVER: readonly IncidentStatus[] = [
  'proposed',
  'merged',
  'watching',
  'resolved',
  'rolled_back',
  'rejected',
  'skipped',
  'dismissed',
  'cancelled',
];

/** All but the one of `except`. One that cannot be read or removed stays. */
export async function sweepWorktrees(bench: Workbench, except: string): Promise<void> {
  const { worktree } = await workingConfig(bench.repository);
  for (const { incident } of await listRecords(bench.repository)) {
    if (incident === except || bench.fixes.has(incident)) continue;
    const record = await bench.incidents.get(incident);
    if (!record || !OVER.includes(record.status)) continue;
    await removeWorktree(bench.repository, incident, outsideTree(worktree), bench.now()).catch(() => {});
  }
}
