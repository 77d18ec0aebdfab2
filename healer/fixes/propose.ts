/**
 * The tool `propose_pr`, and what `heal` does with a verified fix. Needs `pass` of this process for exactly the tree on
 * disk; whether it is published now or a person is asked first is the law's word.
 */
import { UserError } from '../../events/errors.ts';
import { mayNotPropose } from '../brakes/proposals-a-day.ts';
import { stoppedByRejections } from '../brakes/rejections.ts';
import { findLeaks } from '../publishing/leaks.ts';
import { type PublishResult, publish } from '../publishing/publish.ts';
import type { Workbench } from '../workbench.ts';
import { requireFixable } from './autonomy.ts';
import { effectiveConfig } from './effective-config.ts';
import { endSessionRun } from './end-run.ts';
import type { OpenFix } from './open-fix.ts';
import { saveRequest } from './proposal-request.ts';
import { requireFix, yieldFix } from './require-fix.ts';
import { partOf } from './subtask.ts';
import { askBeforePublishing, currentPass, type Pass } from './verified-tree.ts';

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
  /** Where the token and the address of GitHub come from; default this process's own. */
  env?: NodeJS.ProcessEnv | undefined;
  onProgress?: ((line: string) => void) | undefined;
}

export type ProposeResult =
  /** Headless: the parent verifies and publishes. */
  | { status: 'requested' }
  /** The verified tree is kept until a person approves. */
  | { status: 'awaiting_approval'; why: string }
  | PublishResult;

/** Throws UserError `bad_input` for words with a secret in them, `stale` when the tree changed or the verdict is not this process's, `not_allowed` without a pass. */
export async function propose(bench: Workbench, request: ProposeRequest): Promise<ProposeResult> {
  // A parent has nobody to ask for other words: there `publish` stops, and keeps the fix for a person.
  if (bench.role !== 'parent') await refuseLeaks(request);
  const fix = await requireFix(bench, request.incident);
  await requireFixable(bench, fix);
  if (partOf(bench, fix) !== undefined)
    throw new UserError(
      'This run is for a part of the fix; the whole is proposed once every part is there.',
      'End here.',
      'not_allowed',
    );
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
    bench.seal.sealApproval({ incident, round: fix.round, tree: pass.row.tree, who: approver, answers: [] });
  const why = await whyAPersonDecides(bench, fix, pass);
  endSessionRun(bench, fix, null);
  const { signal, env, onProgress } = request;
  if (why === undefined)
    return publish(bench, incident, { who: approver ?? 'policy', by: 'parent', signal, env, onProgress });
  await bench.incidents.transition({ incident, to: 'awaiting_publish', from: ['verified'], who, why });
  await yieldFix(fix);
  return { status: 'awaiting_approval', why };
}

/**
 * To end a sentence with; undefined when policy, or a person in advance, lets it out. What is over a limit is a person's as
 * well, whoever approved in advance: the work is not lost, and nobody is flooded. `approved`: in advance, and not sealed.
 */
export async function whyAPersonDecides(
  bench: Workbench,
  fix: OpenFix,
  pass: Pass,
  { approved = false } = {},
): Promise<string | undefined> {
  const asked = approved && pass.needsPerson.length === 0 ? undefined : askBeforePublishing(bench, fix, pass);
  if (asked !== undefined) return asked;
  const config = effectiveConfig(bench, fix);
  const stopped = await stoppedByRejections(bench, config);
  if (stopped) return stopped.why;
  const limit = await mayNotPropose(bench, config, fix);
  return limit && `${limit.why}${limit.until ? ` until ${limit.until.toISOString()}` : ''}`;
}

/** Told at once, while the agent that wrote the words can still write others. */
async function refuseLeaks({ title, summary }: ProposeRequest): Promise<void> {
  const leaks = await findLeaks([
    { where: 'title', text: title },
    { where: 'summary', text: summary },
  ]);
  if (leaks.length === 0) return;
  const found = leaks.slice(0, 5).map(({ where, kind, line }) => `a ${kind} in line ${line} of the ${where}`);
  throw new UserError(
    `A proposal is read by others, and this one holds what looks like ${found.join(' and ')}.`,
    'Call propose_pr again with words that name no secret and no personal data.',
    'bad_input',
  );
}
