/**
 * Publishes a proven fix: one commit on its branch, pushed where there is a remote, with a pull request where that is on
 * GitHub, and the report. Every step can be repeated after a crash between any two of them, and nothing is proposed twice.
 */
import { UserError } from '../../events/errors.ts';
import { proposalOf } from '../../store/proposals.ts';
import type { OpenFix } from '../fixes/open-fix.ts';
import { closeFix, yieldFix } from '../fixes/require-fix.ts';
import { reopenFix } from '../fixes/start-fix.ts';
import { currentPass, mayPublish } from '../fixes/verified-tree.ts';
import { requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';
import { outsideTree } from '../worktrees/outside-tree.ts';
import { removeWorktree } from '../worktrees/worktree.ts';
import { carryOut } from './carry-out.ts';
import { proveOnCurrentBase } from './catch-up.ts';
import { leaveToPerson, type NotPublished, whilePaused } from './publish-states.ts';
import { type Published, publishedAs } from './published.ts';

export type PublishResult = Published | NotPublished;

const NETWORK_TIMEOUT_MS = 60_000;

export interface PublishRequest {
  /** Who lets it be published: `person:<name>`, `policy`. */
  who: string;
  signal?: AbortSignal | undefined;
  /** Who a verification on a newer base is for; default by `who`. */
  by?: 'person' | 'parent' | undefined;
  /** For one talk of git with the remote; default 60 s. */
  timeoutMs?: number | undefined;
  /** Where the token and the address of GitHub come from: this process's own by default, never an agent's. */
  env?: NodeJS.ProcessEnv | undefined;
  onProgress?: ((line: string) => void) | undefined;
}

/**
 * Throws UserError `stale` without evidence of this process for exactly the tree that is on disk, `not_allowed` without
 * an approval where one is needed, or while another process works on the incident.
 */
export async function publish(bench: Workbench, incident: string, request: PublishRequest): Promise<PublishResult> {
  const record = await requireIncident(bench.incidents, incident);
  const before = proposalOf(bench.db, incident, record.round);
  if (record.status === 'proposed' && before) return publishedAs(before);
  if (record.status !== 'verified' && record.status !== 'awaiting_publish')
    throw new UserError(
      `${incident} is ${record.status}; there is nothing to publish.`,
      'Verify the fix first.',
      'not_allowed',
    );
  if (bench.fixes.get(incident)?.round !== record.round)
    throw new UserError(
      `The evidence for ${incident} is not held here.`,
      'Verify the fix again, then publish.',
      'stale',
    );

  const { who, signal, timeoutMs = NETWORK_TIMEOUT_MS, env = process.env, onProgress } = request;
  const network = { timeoutMs, signal };
  const by = request.by ?? (who.startsWith('person:') ? 'person' : 'parent');
  const fix = await reopenFix(bench, incident, signal);
  let result: PublishResult | undefined;
  try {
    mayPublish(bench, fix, await currentPass(bench, fix));
    const proof =
      whilePaused(bench, incident, env) ??
      (await proveOnCurrentBase(bench, fix, { held: true, by, network, onProgress }));
    result =
      proof.status === 'proven'
        ? await carryOut(bench, { fix, pass: proof.pass, error: record.error, who, env, network })
        : proof;
    // What cuts a talk with the remote off may be the kill switch itself.
    if (result.status === 'unreachable') result = whilePaused(bench, incident, env) ?? result;
    if (result.status !== 'proposed') await leaveToPerson(bench, incident, result);
  } finally {
    if (result?.status !== 'proposed') await yieldFix(fix);
  }
  if (result.status === 'proposed') await tidyUp(bench, fix);
  return result;
}

/** In a session the agent still stands in the worktree; there the next fix sweeps it away. */
async function tidyUp(bench: Workbench, fix: OpenFix): Promise<void> {
  await closeFix(bench, fix.incident);
  if (bench.role !== 'parent') return;
  await removeWorktree(bench.repository, fix.incident, outsideTree(fix.law.config.worktree), bench.now());
}
