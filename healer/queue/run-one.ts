/** One `heal` for the queue, and what its end means for the others. An end is a value here, whatever `heal` throws. */
import { ConfigurationError, describeError, NotReadyError, UserError } from '../../events/errors.ts';
import type { HealOptions } from '../heal/request.ts';
import { type HealResult, heal } from '../heal.ts';
import { muted } from '../incidents/muted.ts';
import type { Settings } from '../intake/settings.ts';
import type { Workbench } from '../workbench.ts';
import type { Claim } from './claim.ts';

export type Ending =
  /** It got through to a state of its own: proven, handed over, dismissed, cancelled. */
  | { end: 'done'; result: HealResult }
  /** Ended from outside (a signal, the kill switch): it waits in the queue again. */
  | { end: 'ended'; result: HealResult }
  /** What was met would end every other run as well; it waits in the queue again. */
  | { end: 'everyone'; why: string; next: string; retryAfterMs: number }
  /** Not now: somebody else works on it or decided about it, or what it needs is in use or being prepared. */
  | { end: 'not_now'; why: string }
  /** Something of ours, or of the machine, failed. */
  | { end: 'failed'; why: string };

/** Gives the lease back whatever happens. */
export async function runOne(
  bench: Workbench,
  { record, lease }: Claim,
  { config }: Settings,
  options: Omit<HealOptions, 'queue'>,
): Promise<Ending> {
  const { incident, fingerprint } = record;
  try {
    const silenced = muted(bench.db, config, fingerprint, bench.now());
    if (silenced !== undefined) {
      const why = `muted: ${silenced}`;
      await bench.incidents.transition({ incident, to: 'ignored', from: ['queued'], who: 'serve', why });
      return { end: 'not_now', why };
    }
    const result = await heal(bench, { ...options, incident, queue: { holder: lease.holder } });
    if (result.failure_mode === 'transient' && result.status === 'queued')
      return { end: 'everyone', why: result.why, next: '', retryAfterMs: result.retry_after_ms ?? 0 };
    return { end: result.status === 'queued' ? 'ended' : 'done', result };
  } catch (error) {
    const { message: why, next } = describeError(error);
    // No client, no login, settings or tests that do not work: each needs a person, and no other incident gets further.
    if (error instanceof ConfigurationError) return { end: 'everyone', why, next, retryAfterMs: 0 };
    const later = error instanceof UserError || error instanceof NotReadyError;
    return { end: later ? 'not_now' : 'failed', why };
  } finally {
    await lease.release();
  }
}
