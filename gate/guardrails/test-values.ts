/**
 * Source that was made to know the input of its own test: a new line compares with a value that the fix's tests hold and
 * the base's code does not. It may repair that one input and no other, or the value may be what was missing: a person decides.
 *
 * Read from the text alone, line by line: a value that is put together, or that stands on a line of its own, is not found.
 */
import type { AddedLine, Change } from '../changes.ts';
import type { JudgedFinding } from '../judged-finding.ts';

/** Shorter texts and one-digit numbers stand in most tests and most code. */
const LITERAL = String.raw`(?:'(?:[^'\\\n]|\\.){3,200}'|"(?:[^"\\\n]|\\.){3,200}"|(?<![\w.])-?\d+\.\d+\b|(?<![\w.])-?\d{2,}\b(?!\.))`;
const COMPARED = new RegExp(
  [
    String.raw`(?:[!=]==?|\bis(?: not)?|\bin|\bcase)\s*[([{]*\s*(${LITERAL})`,
    String.raw`(${LITERAL})\s*[!=]==?`,
    String.raw`\.(?:equals|includes|has|contains|startsWith|endsWith|startswith|endswith|indexOf)\(\s*(${LITERAL})`,
  ].join('|'),
  'g',
);
/** A line that is nothing but a comment. */
export const COMMENT = /^\s*(?:\/\/|\/\*|\*|#)/;
/** Words of the languages themselves: what `typeof` and `__name__` answer. */
const WORDS = new Set([
  'string',
  'number',
  'boolean',
  'object',
  'function',
  'undefined',
  'symbol',
  'bigint',
  '__main__',
]);

/** One finding for each source file; `isInBase` says whether code of the base, tests and comments apart, holds a text. */
export async function judgeTestValues(
  changes: readonly Change[],
  added: readonly AddedLine[],
  isInBase: (text: string) => Promise<boolean>,
): Promise<JudgedFinding[]> {
  const kinds = new Map(changes.map(({ path, kind }) => [path, kind]));
  const of = (kind: Change['kind']) => added.filter(({ path }) => kinds.get(path) === kind);
  const tested = new Set(of('test').flatMap(({ text }) => [...text.matchAll(new RegExp(LITERAL, 'g'))].map(bare)));
  const findings = new Map<string, JudgedFinding>();
  for (const { path, line, text } of of('source')) {
    if (findings.has(path) || COMMENT.test(text)) continue;
    for (const match of text.matchAll(COMPARED)) {
      const value = bare([match[1] ?? match[2] ?? match[3] ?? '']);
      if (!tested.has(value) || WORDS.has(value) || (await isInBase(value))) continue;
      findings.set(path, {
        severity: 'ask',
        code: 'guardrails.test_value',
        message: `Line ${line} of ${path} compares with ${JSON.stringify(value)}, which stands in this fix's own tests and nowhere in the code of the base: it may repair that one input alone.`,
        file: path,
        line,
        next: 'Repair what every such input has in common. Where that one value is truly special, let a person decide.',
      });
      break;
    }
  }
  return [...findings.values()];
}

/** Without its quotes. */
function bare([literal = '']: readonly string[]): string {
  return /^['"]/.test(literal) ? literal.slice(1, -1) : literal;
}
