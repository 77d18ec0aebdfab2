/**
 * The states that publishing can stop in. Each names what stands in the way and what lifts it, and is told to people in
 * docs/publishing.md. Whatever the state, the incident keeps its verified tree, and publishing can be tried again.
 */
import { RemoteError, UserError } from '../../events/errors.ts';
import type { Verification } from '../../gate/verification.ts';
import { appendPublishAttempt } from '../../store/publish-attempts.ts';
import { pausedBy } from '../heal/pause.ts';
import type { Workbench } from '../workbench.ts';
import type { GitHubFailure } from './github/failure.ts';

export type PublishState =
  /** The remote or GitHub did not answer. */
  | 'unreachable'
  /** GitHub does not answer this token before `until`. */
  | 'rate_limited'
  /** `publish.provider: github`, and the remote, the base or a token is missing for it. */
  | 'not_configured'
  /** The token, or whoever pushes, may not do it. */
  | 'not_permitted'
  /** A rule of the remote refuses the branch. */
  | 'protected'
  /** GitHub understood, and does not open the pull request. */
  | 'refused'
  /** Somebody else's commit stands under the branch's name. */
  | 'taken'
  /** An open pull request that is not ours proposes a fix of the same incident. */
  | 'already_proposed'
  /** Something that looks like a secret or personal data would have left the machine. */
  | 'leak'
  /** What would be published, or what it asks of a person, is not exactly what was approved. */
  | 'approval_needed'
  /** The kill switch is on. */
  | 'paused'
  /** The base moved again and again while the fix was verified. */
  | 'base_keeps_moving'
  /** The base moved, and changed the same lines. Queued for another attempt. */
  | 'conflict'
  /** Verified again, it is no pass any more. Queued for another attempt. */
  | 'no_longer_passes'
  /** The base moved, and the error is gone there. Dismissed until a person confirms it, or it comes back. */
  | 'already_fixed';

export interface NotPublished {
  status: PublishState;
  /** One sentence, without its last period. */
  why: string;
  /** What a person does now, one sentence. */
  next: string;
  /** Made here (and maybe pushed) already. */
  branch?: string;
  commit?: string;
  /** Of the pull request that stands in the way. */
  url?: string;
  /** ISO 8601: no use trying before. */
  until?: string;
  /** For `no_longer_passes`. */
  verification?: Verification;
}

/** These go away by themselves, soon. */
export function isTransient({ status }: NotPublished): boolean {
  return status === 'unreachable' || status === 'rate_limited';
}

/** The incident went on by itself; everything else waits for a person to publish it. */
export function hasMovedOn({ status }: NotPublished): boolean {
  return status === 'conflict' || status === 'no_longer_passes' || status === 'already_fixed';
}

/** Leaves the verified fix to a person: the incident waits for publishing, and why is told wherever it is shown. */
export async function leaveToPerson(bench: Workbench, incident: string, failed: NotPublished): Promise<void> {
  const { status: state, why, next, url } = failed;
  const round = (await bench.incidents.get(incident))?.round ?? 1;
  appendPublishAttempt(bench.db, {
    incident,
    round,
    state,
    why,
    next,
    url: url ?? null,
    at: bench.now().toISOString(),
  });
  if (hasMovedOn(failed)) return;
  await bench.incidents.transition({
    incident,
    to: 'awaiting_publish',
    from: ['verified'],
    who: 'publishing',
    why: `${state}: ${why}`,
  });
}

/** What a person types once nothing stands in the way any more: a command in backticks. */
export function approveAgain(incident: string): string {
  return `\`self-healing approve ${incident}\``;
}

export function unreachable(incident: string, why: string): NotPublished {
  return { status: 'unreachable', why, next: `Try again with ${approveAgain(incident)}.` };
}

/** Asked right before anything leaves; `env`: of the process that publishes. */
export function whilePaused(
  { repository }: Pick<Workbench, 'repository'>,
  incident: string,
  env: Readonly<Record<string, string | undefined>>,
): NotPublished | undefined {
  const why = pausedBy(repository.root, env);
  return why === undefined ? undefined : keptBack(incident, why);
}

/** By the kill switch. A running `serve` goes on by itself with what it proved and was let out. */
export function keptBack(incident: string, why: string): NotPublished {
  return { status: 'paused', why, next: `\`self-healing resume\`, then ${approveAgain(incident)}.` };
}

export function fromGitHub(failure: GitHubFailure, incident: string): NotPublished {
  const again = approveAgain(incident);
  switch (failure.status) {
    case 'unreachable':
      return unreachable(incident, failure.why);
    case 'rate_limited': {
      const { why, until } = failure;
      return { status: 'rate_limited', why, until, next: `Try again after ${until} with ${again}.` };
    }
    case 'not_permitted':
    case 'refused':
      return { status: failure.status, why: failure.why, next: `${failure.next.replace(/[\s.]+$/, '')}: ${again}.` };
    default:
      return failure satisfies never;
  }
}

/** For a caller that has to throw: a tool of the server. */
export function notPublishedError({ status, why, next, branch, commit }: NotPublished): Error {
  const made = branch !== undefined && commit !== undefined ? `The fix stands on ${branch} here, but it` : 'The fix';
  const message = `${made} is not published (${status}): ${why}.`;
  const remote = status === 'unreachable' || status === 'rate_limited';
  return remote ? new RemoteError(message, next) : new UserError(message, next, 'failed');
}
