/** Brace expansion of plain text: `a{b,c}` gives `ab ac`, `{1..3}` gives `1 2 3`. */

/** More than anybody means by a pair of braces; a product of several pairs grows without end. */
const MAX_WORDS = 64;

/** Undefined when it gives more than 64 words. */
export function expandBraces(text: string): string[] | undefined {
  const open = text.indexOf('{');
  if (open < 0) return [text];
  const close = matching(text, open);
  if (close < 0) return [text];
  const inner = text.slice(open + 1, close);
  const choices = range(inner) ?? alternatives(inner);
  const after = expandBraces(text.slice(close + 1));
  if (!choices || !after) return undefined;
  const before = text.slice(0, open);
  if (choices.length === 1) return within(after.map((end) => `${before}{${choices[0]}}${end}`));
  const expanded = choices.map(expandBraces);
  const all: string[] = [];
  for (const middle of expanded) {
    if (!middle || all.length > MAX_WORDS) return undefined;
    for (const one of middle) for (const end of after) all.push(before + one + end);
  }
  return within(all);
}

function within(words: string[]): string[] | undefined {
  return words.length > MAX_WORDS ? undefined : words;
}

function matching(text: string, open: number): number {
  let level = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') level++;
    else if (text[at] === '}' && --level === 0) return at;
  }
  return -1;
}

function alternatives(inner: string): string[] {
  const found: string[] = [];
  let level = 0;
  let from = 0;
  for (let at = 0; at < inner.length; at++) {
    if (inner[at] === '{') level++;
    else if (inner[at] === '}') level--;
    else if (inner[at] === ',' && level === 0) {
      found.push(inner.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, inner.slice(from)];
}

/** `1..5`, `a..e`; undefined for what is not a range. A range with a step stays unknown by giving too many words. */
function range(inner: string): string[] | undefined {
  const found = /^(-?\d{1,6}|[A-Za-z])\.\.(-?\d{1,6}|[A-Za-z])$/.exec(inner);
  if (!found) return undefined;
  const [, from = '', to = ''] = found;
  const letters = /[A-Za-z]/.test(from);
  if (letters !== /[A-Za-z]/.test(to)) return undefined;
  const start = letters ? from.charCodeAt(0) : Number(from);
  const end = letters ? to.charCodeAt(0) : Number(to);
  if (Math.abs(end - start) >= MAX_WORDS) return Array.from({ length: MAX_WORDS + 1 }, () => '');
  const step = end < start ? -1 : 1;
  return Array.from({ length: Math.abs(end - start) + 1 }, (_, index) => {
    const value = start + index * step;
    return letters ? String.fromCharCode(value) : String(value);
  });
}
