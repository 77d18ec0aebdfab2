/**
 * The tool `propose_pr`, and what `heal` does with a verified fix. Needs `pass` of this process for exactly the tree on
 * disk; whether it is published now or a person is asked first is the law's word.
 */
import { type PublishResult, publish } from '../publishing/publish.ts';
import type { Workbench } from '../workbench.ts';
import { requireFixable } from './autonomy.ts';
import { endSessionRun } from './end-run.ts';
import { saveRequest } from './proposal-request.ts';
import { requireFix, yieldFix } from './require-fix.ts';
import { askBeforePublishing, currentPass } from './verified-tree.ts';

export interface ProposeRequest {
  incident: string;
  title: string;
  summary: string;
  /**
   * A person who approved in advance (`--yes`). It does not count for what a person has to look at first, such as a weak
   * reproduction.
   */
  approvedBy?: string | undefined;
  signal?: AbortSignal | undefined;
}

export type ProposeResult =
  /** Headless: the parent verifies and publishes. */
  | { status: 'requested' }
  /** The verified tree is kept until a person approves. */
  | { status: 'awaiting_approval'; why: string }
  | PublishResult;

/** Throws UserError `stale` when the tree changed or the verdict is not this process's, `not_allowed` without a pass. */
export async function propose(bench: Workbench, request: ProposeRequest): Promise<ProposeResult> {
  const fix = await requireFix(bench, request.incident);
  await requireFixable(bench, fix);
  const pass = await currentPass(bench, fix);
  saveRequest(bench, fix.incident, fix.round, request.title, request.summary);
  if (bench.role === 'child') return { status: 'requested' };

  const { incident } = fix;
  const who = bench.role === 'session' ? 'agent' : 'heal';
  await bench.incidents.transition({
    incident,
    to: 'verified',
    from: ['healing'],
    who,
    why: `pass for tree ${pass.row.tree.slice(0, 12)}, verification ${pass.row.id}`,
  });
  const approver = request.approvedBy;
  if (approver !== undefined && pass.needsPerson.length === 0)
    bench.seal.sealApproval({ incident, round: fix.round, tree: pass.row.tree, who: approver });
  const why = askBeforePublishing(bench, fix, pass);
  endSessionRun(bench, fix, null);
  if (why === undefined) return publish(bench, incident, { who: approver ?? 'policy', signal: request.signal });
  await bench.incidents.transition({ incident, to: 'awaiting_publish', from: ['verified'], who, why });
  await yieldFix(fix);
  return { status: 'awaiting_approval', why };
}
