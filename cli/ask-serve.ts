/** Talks to the `serve` of this repository over its API: as the same user on this machine, or with the approvers' token. */
import { RemoteError, UserError } from '../events/errors.ts';
import type { Answer } from '../healer/approval/desk.ts';
import { type LocalServe, localServe } from '../healer/approval/local-serve.ts';
import { refuseUnderClaude, thisProcess } from '../healer/incidents/refuse-under-claude.ts';
import type { Workbench } from '../healer/workbench.ts';

const TIMEOUT_MS = 15_000;

export type ServeAnswer =
  | { status: 'decided'; pending: boolean; message: string }
  /** It does not hold the evidence. */
  | { status: 'without_evidence' };

export interface Request {
  incident: string;
  answer: Answer['answer'];
  who?: string;
  reason?: string;
  only_with_evidence?: boolean;
}

/**
 * Who decides here: a person at a terminal, or whoever has the approvers' token, which a running `serve` checks. Throws UserError
 * for everybody else, and for whatever runs under Claude Code.
 */
export function approver(action: Parameters<typeof refuseUnderClaude>[0]): { token: string | undefined } {
  const token = process.env.SELF_HEALING_TOKEN || undefined;
  const terminal = process.stdin.isTTY === true;
  refuseUnderClaude(action, { ...thisProcess(), withToken: token !== undefined });
  return { token: terminal ? undefined : token };
}

export function serveOf({ repository }: Workbench): Promise<LocalServe | undefined> {
  return localServe(repository.home);
}

/** With the token alone: the decision is that of `serve`. Throws UserError when none runs here. */
export async function decideByToken(bench: Workbench, token: string, request: Request): Promise<ServeAnswer> {
  const serving = await serveOf(bench);
  if (serving) return askServe({ ...serving, secret: token }, request);
  throw new UserError(
    'SELF_HEALING_TOKEN is checked by a running `self-healing serve`, and none runs for this repository.',
    'Start it, or decide in a terminal.',
    'not_allowed',
  );
}

/** Throws UserError with its words when it says no, RemoteError when it cannot be reached. */
export async function askServe(
  { url, secret }: Pick<LocalServe, 'url' | 'secret'>,
  { incident, answer, ...body }: Request,
): Promise<ServeAnswer> {
  let answered: Response;
  let told: { pending?: boolean; message?: string; error?: { code: string; message: string; next: string } };
  try {
    answered = await fetch(`${url}/api/incidents/${encodeURIComponent(incident)}/${answer}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    told = (await answered.json()) as typeof told;
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : 'no answer';
    throw new RemoteError(`The running \`self-healing serve\` (${url}) did not answer: ${why}.`, 'Try again.');
  }
  if (answered.ok) return { status: 'decided', pending: told.pending === true, message: told.message ?? '' };
  const { code = '', message = `HTTP ${answered.status}`, next = '' } = told.error ?? {};
  if (code === 'stale' && body.only_with_evidence) return { status: 'without_evidence' };
  throw new UserError(message, next, 'not_allowed');
}
