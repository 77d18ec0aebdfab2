/** Failures as node's test runner writes them in TAP: the error in a YAML block, its stack without `at`. */
import type { StackBlock, StackFrame, TraceLine } from './block.ts';
import { readPlace } from './javascript.ts';

const MAX_BLOCK = 400;

export function startsTapFailure(line: string): boolean {
  return /^\s*not ok \d/.test(line);
}

/** Undefined for a failure without a stack of its own (a suite whose tests failed), or in another runner's form. */
export function readTapFailure(lines: TraceLine[], start: number): StackBlock | undefined {
  if (lines[start + 1]?.text.trim() !== '---') return undefined;
  const fields = new Map<string, string>();
  let key: string | undefined;
  const indent = indentOf(lines[start + 1]?.text ?? '');
  let end = start + 2;
  for (; end < lines.length && end < start + MAX_BLOCK; end++) {
    const text = lines[end]?.text.slice(0, 4000) ?? '';
    if (text.trim() === '...' || /^\s*(?:not )?ok \d/.test(text)) break;
    const pair = indentOf(text) === indent ? /^\s*(\w{1,40}): ?(.*)$/.exec(text) : undefined;
    if (pair?.[1] !== undefined) {
      key = pair[1];
      fields.set(key, unquote(pair[2] ?? ''));
    } else if (key !== undefined) fields.set(key, `${fields.get(key)}\n${text.slice(indent + 2)}`);
  }
  const message = block(fields.get('error')).trim();
  const frames = block(fields.get('stack')).split('\n').map(readLine);
  const found = frames.filter((frame) => frame !== undefined);
  if (found.length === 0 || fields.get('failureType') === 'subtestsFailed') return undefined;
  const stack = { language: 'javascript' as const, type: fields.get('name') ?? '', message, frames: found };
  return { start, end: end + 1, stack };
}

function readLine(line: string): StackFrame | undefined {
  const text = line.trim().replace(/^async /, '');
  return text.startsWith('at ') ? undefined : readPlace(text)?.frame;
}

/** A block scalar without its `|-`. */
function block(value = ''): string {
  return value.replace(/^[|>][+-]?\n/, '');
}

function unquote(value: string): string {
  if (/^'.*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'");
  if (!/^".*"$/.test(value)) return value;
  return value.slice(1, -1).replace(/\\(["\\])/g, '$1');
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
