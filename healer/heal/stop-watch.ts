/** Notices from outside the run that it has to end: an interrupt, a person who cancels, a lost lease, the kill switch. */
import type { Workbench } from '../workbench.ts';
import { pausedBy } from './pause.ts';

export type StopReason =
  /** SIGINT, SIGTERM, or whoever asked for it. */
  | { by: 'interrupt' }
  | { by: 'pause'; why: string }
  | { by: 'cancelled' }
  /** Another process has the incident now. */
  | { by: 'lost_lease' };

export interface StopWatch {
  readonly signal: AbortSignal;
  /** Undefined while the work goes on. */
  reason(): StopReason | undefined;
  /** Looks at once: before something is begun that could not be taken back. */
  check(): Promise<StopReason | undefined>;
  end(): void;
}

const LOOK_EVERY_MS = 2000;

export function watchForStop(
  bench: Workbench,
  incident: string,
  options: { signal?: AbortSignal | undefined; env: Record<string, string | undefined>; everyMs?: number },
): StopWatch {
  const stop = new AbortController();
  let reason: StopReason | undefined;
  const because = (why: StopReason) => {
    reason ??= why;
    stop.abort();
  };
  const interrupted = () => because({ by: 'interrupt' });
  if (options.signal?.aborted) interrupted();
  options.signal?.addEventListener('abort', interrupted, { once: true });
  const look = async () => {
    const paused = pausedBy(bench.repository.root, options.env);
    if (paused !== undefined) return because({ by: 'pause', why: paused });
    if (bench.fixes.get(incident)?.lease?.lost()) return because({ by: 'lost_lease' });
    if ((await bench.incidents.get(incident))?.status === 'cancelled') because({ by: 'cancelled' });
  };
  // A busy database is asked again at the next look.
  const timer = setInterval(() => void look().catch(() => {}), options.everyMs ?? LOOK_EVERY_MS);
  timer.unref();
  return {
    signal: stop.signal,
    reason: () => reason,
    async check() {
      await look().catch(() => {});
      return reason;
    },
    end() {
      clearInterval(timer);
      options.signal?.removeEventListener('abort', interrupted);
    },
  };
}
