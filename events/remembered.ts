/**
 * What a pure function said of a text, kept while the text is met often: errors repeat themselves, and their stacks even
 * word for word. Bounded by what it holds; what was not asked for lately goes first.
 */

/** UTF-16 units of one text; longer ones are computed each time. */
const LONGEST = 16_000;

/** `most`: UTF-16 units of all texts together. An answer must be treated as read-only. */
export function remembered<T>(answer: (text: string) => T, most: number): (text: string) => T {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  let held = 0;
  const keep = (text: string, value: T): T => {
    if (held > most / 2) {
      old = young;
      young = new Map();
      held = 0;
    }
    young.set(text, value);
    held += text.length;
    return value;
  };
  return (text) => {
    if (text.length > LONGEST) return answer(text);
    const known = young.get(text);
    if (known !== undefined || young.has(text)) return known as T;
    if (old.has(text)) return keep(text, old.get(text) as T);
    // A part of a longer text would keep all of it in memory.
    const copy = Buffer.from(text, 'utf16le').toString('utf16le');
    return keep(copy, answer(copy));
  };
}
