/**
 * What follows from an approval at the publish gate: the kept tree is proven again where this process does not hold its
 * evidence, and published. Only a decision that this process took itself counts (law 6); one that a process left behind is
 * void, and the question is asked again.
 */

import { describeError, UserError } from '../../events/errors.ts';
import { type ApprovalDecision, endDecision, openDecisions } from '../../store/approvals.ts';
import { closeFix } from '../fixes/require-fix.ts';
import { growingPause } from '../growing-pause.ts';
import { pausedBy } from '../heal/pause.ts';
import type { Log } from '../intake/log.ts';
import { type ApproveResult, publishApproved } from '../publishing/approve-publish.ts';
import { hasMovedOn, isTransient } from '../publishing/publish-states.ts';
import { repeat } from '../repeat.ts';
import type { Workbench } from '../workbench.ts';
import type { Desk } from './desk.ts';
import { LEFT_BEHIND, voidLeftBehind } from './left-behind.ts';

const LOOK_MS = 500;
const PAUSES = { firstMs: 30_000, longestMs: 15 * 60_000 };
const TRIES = 6;
/** A verification near its end is done by then. */
const DRAIN_MS = 60_000;

export interface CarryOutOptions {
  bench: Workbench;
  desk: Desk;
  log: Log;
  env: NodeJS.ProcessEnv;
}

export type CarriedOut =
  | { end: 'ended'; result?: ApproveResult; why: string; outcome: 'done' | 'void' }
  /** Something that passes stands in the way. */
  | { end: 'later'; why: string; result?: ApproveResult };

/** One try, and its outcome as a row unless it is to be tried again. */
export async function carryOut(
  bench: Workbench,
  decision: ApprovalDecision,
  options: {
    signal?: AbortSignal | undefined;
    env?: NodeJS.ProcessEnv;
    onProgress?: (line: string) => void;
    last?: boolean;
  },
): Promise<CarriedOut> {
  const { incident, who, tree } = decision;
  const { last = false, ...rest } = options;
  const end = (outcome: 'done' | 'void', why: string, result?: ApproveResult): CarriedOut => {
    endDecision(bench.db, decision, { outcome, why, at: bench.now().toISOString() });
    return { end: 'ended', outcome, why, ...(result && { result }) };
  };
  try {
    const result = await publishApproved(bench, incident, { ...rest, who, verifyAgain: true, tree: tree ?? undefined });
    if (result.status === 'proposed')
      return end('done', `published on ${result.branch}${result.url ? `: ${result.url}` : ''}`, result);
    const why = `not published (${result.status}): ${result.why}`;
    if (hasMovedOn(result)) return end('done', why, result);
    return (isTransient(result) || result.status === 'paused') && !last
      ? { end: 'later', why, result }
      : end('void', why, result);
  } catch (error) {
    if (rest.signal?.aborted) throw error;
    const { message } = describeError(error);
    const status = (await bench.incidents.get(incident))?.status;
    // Somebody else published it, or it was taken back, meanwhile.
    if (status !== 'awaiting_publish' && status !== 'verified') return end('done', `it is ${status}`);
    // Another process works on it, and maybe carries the same decision out.
    const busy = (await bench.incidents.leases()).some((lease) => lease.incident === incident);
    if (error instanceof UserError && (busy || !last)) return { end: 'later', why: message };
    end('void', message);
    if (error instanceof UserError) return { end: 'ended', outcome: 'void', why: message };
    throw error;
  } finally {
    // What was proven stays known by its seal; the fix itself is open no longer than it is worked on.
    await closeFix(bench, incident);
  }
}

/** For `serve`: one after the other, because a verification uses the whole machine anyway. */
export function startCarryOut({ bench, desk, log, env }: CarryOutOptions): { stop(): Promise<void> } {
  const ending = new AbortController();
  const tries = new Map<string, { made: number; notBefore: number }>();
  const one = async (decision: ApprovalDecision) => {
    const { question, incident, who } = decision;
    const { made, notBefore } = tries.get(question) ?? { made: 0, notBefore: 0 };
    if (performance.now() < notBefore) return;
    log('info', 'approved', { incident, who, try: made + 1 });
    const result = await carryOut(bench, decision, { signal: ending.signal, env, last: made + 1 >= TRIES });
    if (result.end === 'later') {
      const pause = growingPause(made + 1, PAUSES);
      tries.set(question, { made: made + 1, notBefore: performance.now() + pause });
      return log('warn', 'approval_later', { incident, why: result.why, in_ms: pause });
    }
    log('info', 'approval_ended', { incident, outcome: result.outcome, why: result.why });
    tries.delete(question);
    desk.release(question);
  };
  const look = async () => {
    const paused = pausedBy(bench.repository.root, env) !== undefined;
    for (const decision of openDecisions(bench.db)) {
      if (ending.signal.aborted) return;
      const { question, gate, answer } = decision;
      if (paused || !desk.held.has(question)) continue;
      if (gate === 'publish' && answer === 'approve')
        await one(decision).catch((error: unknown) => failed(log, decision, error));
    }
    for (const { incident } of await voidLeftBehind(bench, desk.held))
      log('warn', 'approval_void', { incident, why: LEFT_BEHIND });
  };
  const running = repeat(async () => {
    await look().catch((error: unknown) => log('error', 'approvals_failed', { why: describeError(error).message }));
    return LOOK_MS;
  });
  return {
    async stop() {
      const patience = setTimeout(() => ending.abort(), DRAIN_MS);
      await running.stop();
      clearTimeout(patience);
    },
  };
}

function failed(log: Log, { incident }: ApprovalDecision, error: unknown): void {
  log('error', 'approval_failed', { incident, why: describeError(error).message });
}
