/**
 * Handlers that catch an error and do nothing with it. A fix that only silences its error can turn a reproduction green
 * that asks for no more than that nothing is thrown; sometimes it is right all the same, so a person decides.
 *
 * Read from the text alone: a handler that falls back to a value, or that only logs, is not found.
 */
import type { AddedLine, Change } from '../changes.ts';
import type { JudgedFinding } from '../judged-finding.ts';

/** White space, comments, and words that leave the handler without a value. Bounded, so that no file takes long. */
const IDLE = String.raw`(?:\s|;|//[^\n]{0,500}(?=\n)|/\*[\s\S]{0,1000}?\*/|\b(?:return|continue|break)\b){0,400}`;
const CLAUSE = String.raw`\bcatch\s*(?:\([^()]{0,200}\)\s*)?\{${IDLE}\}`;
const FUNCTION = String.raw`(?:async\s+)?(?:function\b\s*[\w$]*\s*)?(?:\([^()]{0,200}\)|[\w$]+)\s*(?:=>\s*)?`;
const CALLBACK = String.raw`\.\s*catch\s*\(\s*(?:noop|${FUNCTION}(?:\{${IDLE}\}|undefined|null|void 0))\s*\)`;
const EXCEPT = String.raw`^[ \t]*except\b[^\n]*:[ \t]*(?:(?:#[^\n]*)?\n[ \t]*){0,50}(?:pass|\.\.\.|continue|return)[ \t]*(?:#[^\n]*)?$`;
const SUPPRESS = String.raw`^[ \t]*(?:async[ \t]+)?with\b[^\n]*\bsuppress\(`;

const HANDLERS: [RegExp, string][] = [
  [/\.(?:[cm]?[jt]sx?|vue|svelte)$/i, `${CLAUSE}|${CALLBACK}`],
  [/\.pyi?$/i, `${EXCEPT}|${SUPPRESS}`],
];

/** One finding for each source file that holds more such handlers than on the base. `read` gives the text of a blob. */
export async function judgeSwallowedErrors(
  changes: readonly Change[],
  added: readonly AddedLine[],
  read: (blob: string | null) => Promise<string>,
): Promise<JudgedFinding[]> {
  const findings: JudgedFinding[] = [];
  for (const { path, kind, binary, oldBlob, newBlob } of changes) {
    const handler = HANDLERS.find(([pattern]) => pattern.test(path))?.[1];
    if (kind !== 'source' || binary || newBlob === null || handler === undefined) continue;
    const lines = linesOf(handler, await read(newBlob));
    const before = linesOf(handler, oldBlob === null ? '' : await read(oldBlob));
    if (lines.length <= before.length) continue;
    const own = new Set(added.filter((line) => line.path === path).map(({ line }) => line));
    const line = lines.find((at) => own.has(at)) ?? lines[0] ?? 1;
    findings.push({
      severity: 'ask',
      code: 'guardrails.swallowed_error',
      message: `Line ${line} of ${path} catches an error and does nothing with it: what fails there fails in silence.`,
      file: path,
      line,
      next: 'Remove the cause of the error instead. Where it is truly expected, handle that one error alone and let a person decide.',
    });
  }
  return findings;
}

/** 1-based lines on which they begin. */
function linesOf(handler: string, text: string): number[] {
  return [...text.matchAll(new RegExp(handler, 'gm'))].map(({ index }) => text.slice(0, index).split('\n').length);
}
