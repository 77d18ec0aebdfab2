/** The text with adjacent string literals put together, as the code that holds them will: `'ab' +\n 'cd'` → `'abcd'`. */

/** Quote, optional plus, line ends and spaces, the same quote; or a line end that a backslash or a YAML fold takes away. */
const JOINT = /(["'`])(?:[ \t]{0,100}\r?\n|[ \t]{0,100}(?:\\\r?\n)?\s{0,100}\+)\s{0,100}\1|\\\r?\n[ \t]{0,100}/g;

export interface Joined {
  text: string;
  /** The index in the original text. */
  originOf(index: number): number;
  /** Whether something was put together between the two indexes of the joined text. */
  spansJoint(start: number, end: number): boolean;
}

/** Undefined when there is nothing to join. */
export function joinLiterals(text: string): Joined | undefined {
  const joints: { at: number; removed: number }[] = [];
  const pieces: string[] = [];
  let from = 0;
  let removed = 0;
  for (const { 0: match, index } of text.matchAll(JOINT)) {
    pieces.push(text.slice(from, index));
    joints.push({ at: index - removed, removed: removed + match.length });
    from = index + match.length;
    removed += match.length;
  }
  if (joints.length === 0) return undefined;
  pieces.push(text.slice(from));
  /** How many joints stand at or before the index. */
  const jointsUpTo = (index: number) => {
    let [low, high] = [0, joints.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((joints[middle]?.at ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    text: pieces.join(''),
    originOf: (index) => index + (joints[jointsUpTo(index) - 1]?.removed ?? 0),
    spansJoint: (start, end) => jointsUpTo(end - 1) > jointsUpTo(start),
  };
}
