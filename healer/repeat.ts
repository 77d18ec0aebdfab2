/** One look after the other, each when the one before it said, until it is stopped. */
export interface Repeating {
  /** Nothing begins any more, and what has begun is over when this resolves. */
  stop(): Promise<void>;
}

export interface Wakeable extends Repeating {
  /** The next look is now, or right after the one that is under way. */
  wake(): void;
}

/** `look` answers with the milliseconds until the next one, or undefined when there is to be none; it never throws. */
export function repeat(look: () => Promise<number | undefined>): Wakeable {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let isLooking = false;
  let woken = false;
  const once = async () => {
    isLooking = true;
    woken = false;
    const next = await look();
    isLooking = false;
    const ms = woken ? 0 : next;
    if (!stopped && ms !== undefined) timer = setTimeout(start, ms);
  };
  let looking = once();
  function start() {
    looking = once();
  }
  return {
    wake() {
      if (stopped) return;
      woken = isLooking;
      if (isLooking) return;
      clearTimeout(timer);
      start();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
