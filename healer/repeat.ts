/** One look after the other, each when the one before it said, until it is stopped. */
export interface Repeating {
  /** Nothing begins any more, and what has begun is over when this resolves. */
  stop(): Promise<void>;
}

export interface Wakeable extends Repeating {
  /** The next look is now; where one is going on, right after it. */
  wake(): void;
}

/** `look` answers with the milliseconds until the next one, or undefined when there is to be none; it never throws. */
export function repeat(look: () => Promise<number | undefined>): Wakeable {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let again = false;
  const once = async () => {
    again = false;
    const next = await look();
    if (!stopped && next !== undefined) timer = setTimeout(start, again ? 0 : next);
  };
  let looking = once();
  function start() {
    timer = undefined;
    looking = once();
  }
  return {
    wake() {
      again = true;
      if (timer === undefined || stopped) return;
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
