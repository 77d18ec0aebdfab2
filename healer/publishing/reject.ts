/** A person's no to a fix, proposed or waiting: the reason is kept with the diff, so that no later fix repeats it. */
import { diffText } from '../../gate/changes.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { proposalOf, updateProposal } from '../../store/proposals.ts';
import { addRefusedDiff } from '../../store/refused-diffs.ts';
import { verificationsOf } from '../../store/verifications.ts';
import { closeFix } from '../fixes/require-fix.ts';
import { type Decision, markRejected, requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';
import { readRecord } from '../worktrees/record.ts';

/** Throws UserError unless the incident is proposed or waits for publishing. */
export async function reject(bench: Workbench, decision: Decision & { why: string }): Promise<IncidentRecord> {
  const before = await requireIncident(bench.incidents, decision.incident);
  const diff = await refusedDiff(bench, before);
  const record = await markRejected(bench.incidents, decision);
  if (diff !== '')
    addRefusedDiff(bench.db, {
      incident: record.incident,
      round: before.round,
      reason: decision.why,
      diff,
      at: bench.now().toISOString(),
    });
  updateProposal(bench.db, record.incident, before.round, { status: 'rejected' });
  await closeFix(bench, record.incident);
  return record;
}

/** Of the proposed commit, else of the last tree that passed. */
async function refusedDiff(bench: Workbench, { incident, round }: IncidentRecord): Promise<string> {
  const workspace = await openWorkspace(bench.repository);
  const proposal = proposalOf(bench.db, incident, round);
  if (proposal) return diffText(workspace, `${proposal.commit}^`, proposal.commit);
  const passed = verificationsOf(bench.db, incident, round).findLast(({ verdict }) => verdict === 'pass');
  const kept = await readRecord(bench.repository, incident);
  return passed && kept ? diffText(workspace, kept.base, passed.tree) : '';
}
