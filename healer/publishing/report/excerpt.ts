/** The part of an output that a reader looks for: the lines around the one that names the error, else its end. */

/** Lines before that line, and after it. */
const BEFORE = 3;
const AFTER = 14;
/** Characters that are looked through. */
const LONGEST = 64 * 1024;

/** Around the first line with the first of the `wanted` texts that stands in any. */
export function excerpt(output: string, wanted: readonly string[]): string {
  const lines = output.slice(-LONGEST).trimEnd().split('\n');
  const places = wanted.map((text) => (text === '' ? -1 : lines.findIndex((line) => line.includes(text))));
  const at = places.find((place) => place !== -1) ?? -1;
  const last = lines.length - 1;
  const [from, to] = at === -1 ? [last - BEFORE - AFTER, last] : [at - BEFORE, at + AFTER];
  const shown = lines.slice(Math.max(0, from), to + 1);
  return [...mark(Math.max(0, from)), ...shown, ...mark(last - to)].join('\n');
}

function mark(left: number): string[] {
  return left > 0 ? [`[… ${left} ${left === 1 ? 'line' : 'lines'} left out …]`] : [];
}
