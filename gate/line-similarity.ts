/**
 * How alike two lists of lines are: Ratcliff-Obershelp, twice the number of lines in matching blocks over the number of all
 * lines. 1 for equal lists, 0 for lists without a common line; two empty lists are equal.
 */
export function lineSimilarity(a: readonly string[], b: readonly string[]): number {
  const total = a.length + b.length;
  return total === 0 ? 1 : (2 * matchingLines(a, b)) / total;
}

function matchingLines(a: readonly string[], b: readonly string[]): number {
  const places = new Map<string, number[]>();
  b.forEach((line, index) => {
    const known = places.get(line);
    if (known) known.push(index);
    else places.set(line, [index]);
  });
  let matched = 0;
  const pending: [aFrom: number, aTo: number, bFrom: number, bTo: number][] = [[0, a.length, 0, b.length]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [aFrom, aTo, bFrom, bTo] = next;
    const { aAt, bAt, size } = longestBlock(a, places, next);
    if (size === 0) continue;
    matched += size;
    pending.push([aFrom, aAt, bFrom, bAt], [aAt + size, aTo, bAt + size, bTo]);
  }
  return matched;
}

/** The longest run of equal lines, the earliest in `a` and then in `b` of several. */
function longestBlock(
  a: readonly string[],
  places: ReadonlyMap<string, number[]>,
  [aFrom, aTo, bFrom, bTo]: [number, number, number, number],
): { aAt: number; bAt: number; size: number } {
  let best = { aAt: aFrom, bAt: bFrom, size: 0 };
  let ending = new Map<number, number>();
  for (let i = aFrom; i < aTo; i++) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i] ?? '') ?? []) {
      if (j < bFrom) continue;
      if (j >= bTo) break;
      const size = (ending.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { aAt: i - size + 1, bAt: j - size + 1, size };
    }
    ending = next;
  }
  return best;
}
