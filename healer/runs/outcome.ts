/**
 * How one run of the client ended. Exit code, `is_error` and `terminal_reason` are judged together, because each of them
 * alone says "success" for some failure (an API error has `subtype: success`, an interrupt has exit code 0).
 */
import { oneLine } from '../../events/plain-text.ts';
import type { FailureMode } from '../recovery/failure-mode.ts';
import type { Silence } from './silence.ts';
import type { RunResult } from './stream.ts';

/** Characters of the client's own words in a reason: a sentence or two. */
const LONGEST = 300;

/** Why we ended it; null when it ended by itself. */
export type Stopped =
  | { by: 'wall'; afterMs: number }
  | { by: 'silence'; silence: Silence }
  | { by: 'abort' }
  /** The API told the client to wait for longer than a run is held open. */
  | { by: 'api_wait'; delayMs: number; status: number | null }
  /** Others have used up what it could have spent. */
  | { by: 'budget'; why: string }
  /** Its guards stopped it, and it would not hand over. */
  | { by: 'loop' | 'drift'; why: string }
  /** Its guards do not work, or what it needs was not loaded. */
  | { by: 'guard'; why: string }
  | { by: 'unusable'; why: string; next: string };

export interface RunEnding {
  exit: number | null;
  signal: NodeJS.Signals | null;
  startError: string | null;
  stopped: Stopped | null;
  /** The last one of the stream. */
  result: RunResult | undefined;
  /** What it said outside the stream. */
  stderr: string;
  /** The last wait that the client announced before it asked the API again. */
  retryAfterMs: number | null;
}

export interface RunOutcome {
  /** Null when it ended well: which proves nothing yet. */
  mode: FailureMode | null;
  /** One or two sentences. */
  why: string;
  /** Set when no further run can do better before a person has changed something outside. */
  unusable: { next: string } | null;
  /** What to wait at least before the next try, when the API said so. */
  retryAfterMs: number | null;
  exit: number | null;
  terminalReason: string | null;
  costUsd: number | null;
  turns: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
  sessionId: string | null;
}

type Judgement = Pick<RunOutcome, 'mode' | 'why'> & Partial<Pick<RunOutcome, 'unusable'>>;

export function judgeOutcome(ending: RunEnding): RunOutcome {
  const { result } = ending;
  return {
    unusable: null,
    ...judge(ending),
    retryAfterMs: ending.retryAfterMs,
    exit: ending.exit,
    terminalReason: result?.terminalReason ?? null,
    costUsd: result?.costUsd ?? null,
    turns: result?.turns ?? null,
    inputTokens: result?.inputTokens ?? null,
    outputTokens: result?.outputTokens ?? null,
    sessionId: result?.sessionId ?? null,
  };
}

function judge(ending: RunEnding): Judgement {
  const { stopped, startError, result } = ending;
  if (startError !== null)
    return {
      mode: 'crash',
      why: `The Claude Code client could not be started: ${startError}`,
      unusable: { next: 'Install Claude Code, or set claude.command in .self-healing/config.yaml to where it is.' },
    };
  if (stopped !== null) return judgeStopped(stopped);
  if (result === undefined) return judgeSilentEnd(ending);
  return result.isError || ending.exit !== 0 ? judgeError(ending, result) : judgeSuccess(result);
}

function judgeStopped(stopped: Stopped): Judgement {
  switch (stopped.by) {
    case 'abort':
      return { mode: 'cancelled', why: 'The run was ended from outside.' };
    case 'silence':
      return judgeSilence(stopped.silence);
    case 'api_wait': {
      const status = stopped.status === null ? '' : ` (${stopped.status})`;
      return {
        mode: 'transient',
        why: `The API did not answer${status} and asks to wait ${seconds(stopped.delayMs)}.`,
      };
    }
    case 'budget':
      return { mode: 'budget', why: stopped.why };
    case 'wall':
      return { mode: 'partial', why: `The run was not done after ${seconds(stopped.afterMs)} (recovery.wall_clock).` };
    case 'loop':
    case 'drift':
      return { mode: stopped.by, why: stopped.why };
    case 'guard':
      return { mode: 'crash', why: stopped.why };
    case 'unusable':
      return { mode: 'crash', why: stopped.why, unusable: { next: stopped.next } };
    default:
      return stopped satisfies never;
  }
}

function judgeSilence(silence: Silence): Judgement {
  const limit = seconds(silence.afterMs);
  switch (silence.of) {
    case 'start':
      return { mode: 'silence', why: `The client printed nothing in the ${limit} after its start.` };
    case 'model':
      return { mode: 'silence', why: `No sign of life for ${limit}.` };
    case 'tool': {
      const open = seconds(silence.openMs);
      return {
        mode: 'silence',
        why: `A tool neither wrote nor worked for ${limit}; it was called ${open} ago: ${silence.tool}`,
      };
    }
    case 'api':
      return { mode: 'transient', why: `The API did not answer for ${limit}, however often the client asked.` };
    default:
      return silence satisfies never;
  }
}

/** No result event: killed, crashed, or refused to start. */
function judgeSilentEnd({ exit, signal, stderr }: RunEnding): Judgement {
  if (signal !== null || (exit !== null && exit > 128))
    return { mode: 'crash', why: `The client was ended by ${signal ?? `signal ${(exit ?? 0) - 128}`}.` };
  const said = lastLine(stderr);
  return { mode: 'crash', why: `The client ended with exit code ${exit} and no result${said ? `: ${said}` : '.'}` };
}

function judgeError({ exit }: RunEnding, result: RunResult): Judgement {
  const said = oneLine(result.text, LONGEST);
  if (result.subtype === 'error_max_budget_usd') return { mode: 'budget', why: 'The budget of this run is used up.' };
  if (result.subtype === 'error_max_turns')
    return { mode: 'partial', why: 'The run used up its turns (claude.max_turns).' };
  if (result.terminalReason?.startsWith('aborted'))
    return { mode: 'crash', why: `The client was interrupted (${result.terminalReason}).` };
  const status = result.apiErrorStatus;
  if (status === 401 || status === 403 || /invalid api key|please run \/login|authentication_error/i.test(said))
    return {
      mode: 'crash',
      why: `The API does not accept the client's login${status === null ? '' : ` (${status})`}: ${said}`,
      unusable: { next: 'Log in with `claude` once, or set ANTHROPIC_API_KEY, and try again.' },
    };
  if (isTransient(result))
    return { mode: 'transient', why: `The API did not answer${status === null ? '' : ` (${status})`}: ${said}` };
  if (status !== null) return { mode: 'crash', why: `The API refused a request (${status}): ${said}` };
  return { mode: 'crash', why: `The client failed (${result.subtype || 'no reason'}, exit code ${exit}): ${said}` };
}

function judgeSuccess(result: RunResult): Judgement {
  const reason = result.terminalReason;
  if (result.subtype !== 'success') return { mode: 'crash', why: `The client ended with ${result.subtype}.` };
  if (reason !== null && reason !== 'completed')
    return { mode: 'partial', why: `The run was ended before it was done (${reason}).` };
  return { mode: null, why: 'The agent ended its run.' };
}

/** Rate limited, overloaded, a server error; or, without a status, a connection that was not there or broke in an answer. */
function isTransient({ apiErrorStatus: status, text }: RunResult): boolean {
  if (status !== null) return status === 429 || status === 408 || status >= 500;
  return /API Error: (429|5\d\d)\b|overloaded|rate.?limit|timed out|ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|connect|network|fetch failed/i.test(
    text,
  );
}

function lastLine(text: string): string {
  return oneLine(text.trim().split('\n').at(-1) ?? '', LONGEST);
}

function seconds(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 6000) / 10} min`;
}
