/** One look after the other, each when the one before it said, until it is stopped. */
export interface Repeating {
  /** Nothing begins any more, and what has begun is over when this resolves. */
  stop(): Promise<void>;
}

/** `look` answers with the milliseconds until the next one, or undefined when there is to be none; it never throws. */
export function repeat(look: () => Promise<number | undefined>): Repeating {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const once = async () => {
    const next = await look();
    if (!stopped && next !== undefined) timer = setTimeout(start, next);
  };
  let looking = once();
  function start() {
    looking = once();
  }
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
