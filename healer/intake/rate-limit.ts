/** Token buckets: a burst is taken, more than a steady rate is not. Measured on a clock that only goes forward. */

export interface Rate {
  burst: number;
  perSecond: number;
}

/** A watcher tells many errors in one delivery: one source that needs more than this has lost its mind. */
export const DEFAULT_RATE: Rate = { burst: 120, perSecond: 20 };

/** People report a handful of errors; a script that speaks as one floods the queue. */
export const PERSON_RATE: Rate = { burst: 10, perSecond: 1 / 60 };

export interface RateLimit {
  /** Undefined when it is let through, else the whole seconds after which it would be. */
  take(key: string): number | undefined;
}

export function rateLimit(
  { burst, perSecond }: Rate,
  seconds: () => number = () => performance.now() / 1000,
): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key) {
      const now = seconds();
      const before = buckets.get(key) ?? { tokens: burst, at: now };
      const tokens = Math.min(burst, before.tokens + (now - before.at) * perSecond);
      const taken = tokens >= 1;
      buckets.set(key, { tokens: taken ? tokens - 1 : tokens, at: now });
      return taken ? undefined : Math.max(1, Math.ceil((1 - tokens) / perSecond));
    },
  };
}
