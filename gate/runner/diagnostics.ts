/**
 * Diagnostics of linters, type checkers and compilers, read from their output for people: tsc (plain and pretty),
 * eslint's default format, and everything that says `file:line[:column]: message`. They explain a failed check; its
 * exit code alone judges.
 */
import { stripVTControlCharacters } from 'node:util';
import type { Diagnostic } from '../check-run.ts';
import { relativeTo } from './reports/report.ts';

const TSC =
  /^(?<file>[^\s(][^(]*)\((?<line>\d+),(?<column>\d+)\): (?:error|warning) (?<code>[A-Z]+\d+): (?<message>.+)$/;
const TSC_PRETTY =
  /^(?<file>\S.*?):(?<line>\d+):(?<column>\d+) - (?:error|warning) (?<code>[A-Z]+\d+): (?<message>.+)$/;
const GENERIC = /^(?<file>[^\s:][^:]*\.\w+):(?<line>\d+)(?::(?<column>\d+))?:? (?<message>\S.*)$/;
const ESLINT = /^\s+(?<line>\d+):(?<column>\d+)\s+(?:error|warning)\s+(?<message>.+?)(?:\s{2,}(?<code>[@\w/-]+))?$/;
/** `E501 …`, `error: …  [code]`, `lint/suspicious/noFoo ━━━` at either end of a generic message. */
const LEADING_CODE =
  /^(?:(?:fatal )?(?:error|warning|note)[: ] ?)?(?:(?<code>[A-Z]{1,4}\d{1,5}|lint\/[\w/]+):? ?)?(?<message>.*)$/;
const TRAILING_CODE = /\s+\[(?<code>[\w-]+)\]$/;
const FILE_LINE = /^(?<file>(?:\/|[A-Za-z]:\\|\.{0,2}\/)?\S.*\.\w+)$/;

const LIMIT = 500;

/** The first 500 diagnostics of an output, files relative to the checkout. */
export function readDiagnostics(output: string, checkout: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  let heading: string | null = null;
  for (const raw of stripVTControlCharacters(output).split('\n')) {
    if (found.length >= LIMIT) break;
    const line = raw.trimEnd();
    const match = TSC.exec(line) ?? TSC_PRETTY.exec(line);
    const listed = heading === null ? null : ESLINT.exec(line);
    const generic = match || listed ? null : GENERIC.exec(line);
    if (match?.groups) found.push(diagnostic(match.groups, checkout));
    else if (listed?.groups) found.push(diagnostic({ ...listed.groups, file: heading ?? '' }, checkout));
    else if (generic?.groups) found.push(withCode(diagnostic(generic.groups, checkout)));
    else if (FILE_LINE.test(line)) heading = line;
    else if (line !== '') heading = null;
  }
  return found;
}

function diagnostic(groups: Record<string, string | undefined>, checkout: string): Diagnostic {
  const { file = '', line, column, code, message = '' } = groups;
  return {
    file: relativeTo(checkout, file),
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column: Number(column) }),
    ...(code === undefined ? {} : { code }),
    message: message.trim(),
  };
}

function withCode(found: Diagnostic): Diagnostic {
  const trailing = TRAILING_CODE.exec(found.message)?.groups?.code;
  const text = trailing ? found.message.replace(TRAILING_CODE, '') : found.message;
  const { code = trailing, message = text } = LEADING_CODE.exec(text)?.groups ?? {};
  return { ...found, ...(code === undefined ? {} : { code }), message: message === '' ? (code ?? text) : message };
}
