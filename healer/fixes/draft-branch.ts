/**
 * The best patch of a hand-over as a local branch, for a person to go on from. It is never pushed, and named so that
 * nothing takes it for a proposal. A change that may not be made at all, or holds a secret, is left out.
 */
import { changedLines } from '../../gate/changes.ts';
import { judgeModes, judgePaths } from '../../gate/guardrails/paths.ts';
import { judgeSecrets } from '../../gate/guardrails/secrets.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { madeCommit, rememberCommit } from '../../store/proposals.ts';
import { writeBranch } from '../publishing/branch.ts';
import { makeCommit } from '../publishing/commit.ts';
import { type Judged, patchOf } from '../publishing/report/escalation-rows.ts';
import type { Workbench } from '../workbench.ts';

export interface DraftRequest {
  record: Pick<IncidentRecord, 'incident' | 'fingerprint' | 'round' | 'error'>;
  base: string;
  /** Best first. */
  judged: readonly Judged[];
  forbiddenPaths: readonly string[];
  testPaths: readonly string[];
}

export interface Draft {
  branch: string;
  commit: string;
  judged: Judged;
}

/** Of how many trees it is looked whether they may be kept. */
const MOST_TREES = 5;

export function draftBranchName(fingerprint: string, round: number): string {
  return `hotfix/auto-${fingerprint}-draft-${round}`;
}

/** Undefined when no verified tree may be kept, or somebody's own work stands under the name. */
export async function keepAsBranch(bench: Workbench, request: DraftRequest): Promise<Draft | undefined> {
  const { record, base } = request;
  const { repository, db } = bench;
  const { incident, round } = record;
  const judged = await firstKeepable(bench, request);
  if (judged === undefined) return undefined;
  const { tree, verdict } = judged.verification;
  const state = verdict === 'pass' ? 'Draft, proven and not published' : 'Draft, not proven';
  const commit = await makeCommit(repository, {
    ...{ incident, round, base, tree, error: record.error },
    title: `${state}: ${record.error}`,
    at: new Date(judged.at),
  });
  rememberCommit(db, { incident, round, commit, at: bench.now().toISOString() });
  const branch = draftBranchName(record.fingerprint, round);
  const madeHere = (id: string) => madeCommit(db, incident, round, id);
  const written = await writeBranch(repository, { incident, round, branch, commit, madeHere });
  return written.status === 'written' ? { branch, commit, judged } : undefined;
}

async function firstKeepable(bench: Workbench, request: DraftRequest): Promise<Judged | undefined> {
  for (const judged of request.judged.slice(0, MOST_TREES))
    if (await mayBeKept(bench, request, judged.verification.tree)) return judged;
  return undefined;
}

/** Judged from the tree itself: what a verdict's row says of it could have been written by an agent. */
async function mayBeKept(bench: Workbench, request: DraftRequest, tree: string): Promise<boolean> {
  const { base, forbiddenPaths, testPaths } = request;
  const { changes } = await patchOf(bench.repository, base, tree, testPaths);
  if (changes.length === 0) return false; // nothing was changed, or git has collected the tree
  if (judgePaths(changes, forbiddenPaths).length + judgeModes(changes).length > 0) return false;
  const { added } = await changedLines(await openWorkspace(bench.repository), base, tree, changes);
  return (await judgeSecrets(added, changes)).length === 0;
}
