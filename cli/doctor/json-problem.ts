/** Where a JSON text is broken, for a person who has to mend it by hand. */

export interface JsonProblem {
  /** Both from 1. */
  line: number;
  column: number;
  message: string;
}

export function jsonProblem(text: string): JsonProblem | undefined {
  const message = complaint(text);
  if (message === undefined) return undefined;
  const before = text.slice(0, offsetOf(text, message)).split('\n');
  return {
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    // What the engine quotes of the file is not repeated: it may be anything.
    message: message.replace(/, (?:\.\.\.)?".*$/s, '').replace(/ in JSON at position.*$/s, '') || 'broken JSON',
  };
}

function complaint(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The engine tells the position of some mistakes; of an unexpected token it does not, but every shorter text lacks it. */
function offsetOf(text: string, message: string): number {
  const told = /position (\d+)/.exec(message)?.[1];
  if (told !== undefined) return Number(told);
  if (!message.startsWith('Unexpected token')) return text.length;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (complaint(text.slice(0, middle + 1))?.startsWith('Unexpected token')) high = middle;
    else low = middle + 1;
  }
  return low;
}
