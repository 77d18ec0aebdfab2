/**
 * Diagnostics of linters, type checkers and compilers, read from their output for people and from eslint's JSON. One
 * line at a time: a form that tells place and message at once, a place below a message (rustc, ruff), or a message
 * below a place (biome) or a file (eslint). They explain a failed check; its exit code alone judges.
 */
import { isDeepStrictEqual, stripVTControlCharacters } from 'node:util';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { readEslintJson } from './diagnostics/eslint-json.ts';
import { relativeTo } from './relative-to.ts';

const TSC =
  /^(?<file>[^\s(][^(]*)\((?<line>\d+),(?<column>\d+)\): (?:error|warning) (?<code>[A-Z]+\d+): (?<message>.+)$/;
const TSC_PRETTY =
  /^(?<file>\S.*?):(?<line>\d+):(?<column>\d+) - (?:error|warning) (?<code>[A-Z]+\d+): (?<message>.+)$/;
const PYRIGHT = /^ {2}(?<file>\S.*?):(?<line>\d+):(?<column>\d+) - (?:error|warning): (?<message>.+)$/;
const MAVEN = /^\[(?:ERROR|WARNING)\] (?<file>\S.*?\.\w+):\[(?<line>\d+),(?<column>\d+)\] (?<message>.+)$/;
const BIOME = /^(?<file>\S.*?\.\w+):(?<line>\d+):(?<column>\d+) (?<code>[a-z]+(?:\/\w+)*) .*━+$/;
const GO_VET = /^vet: (?<file>\S.*?\.go):(?<line>\d+)(?::(?<column>\d+))?: (?<message>.+)$/;
const GENERIC = /^(?<file>[^\s:][^:]*\.\w+):(?<line>\d+)(?::(?<column>\d+))?:? (?<message>\S.*)$/;
const ESLINT = /^\s+(?<line>\d+):(?<column>\d+)\s+(?:error|warning)\s+(?<message>.+?)(?:\s{2,}(?<code>[@\w/-]+))?$/;
/** `error[E0308]: mismatched types`, and the place that follows it: ` --> src/lib.rs:3:5`. */
const RUSTC = /^(?:error|warning)(?:\[(?<code>\w+)\])?: (?<message>.+)$/;
/** "F401 [*] `os` imported but unused", and the same place after it. */
const RUFF = /^(?<code>[A-Z]{1,4}\d{1,5}|invalid-syntax):? (?:\[\*\] )?(?<message>\S.*)$/;
const PLACE = /^\s*--> (?<file>\S.*?):(?<line>\d+):(?<column>\d+)$/;
/** `error: …  [code]` and `[Error/code]` at the end of a generic message. */
const TRAILING_CODE = /\s+\[(?:(?:Error|Warning)\/?)?(?<code>[@\w/-]*)\]$/;
/** `(reportReturnType)` of pyright, `(unused-variable)` of pylint, `(errcheck)` of golangci-lint. */
const TRAILING_NAME = /\s+\((?<code>[a-zA-Z][\w-]*)\)$/;
const PYLINT = /^[CEFIRW]\d{4}: /;
const LEADING_CODE =
  /^(?:(?:fatal )?(?:error|warning|note)(?:\[(?<short>\w+)\])?[: ] ?)?(?:(?<code>[A-Z]{1,4}\d{1,5}|lint\/[\w/]+):? ?)?(?:\[\*\] )?(?<message>.*)$/;
const FILE_LINE = /^(?<file>(?:\/|[A-Za-z]:\\|\.{0,2}\/)?\S.*\.\w+)$/;

const LIMIT = 500;
type Groups = Record<string, string | undefined>;

/** The first 500 diagnostics of an output, files relative to the checkout. */
export function readDiagnostics(output: string, checkout: string): Diagnostic[] {
  const text = stripVTControlCharacters(output);
  return (readEslintJson(text, checkout) ?? readLines(text.split('\n'), checkout)).slice(0, LIMIT);
}

interface Reading {
  found: Diagnostic[];
  /** File that the lines below it are about. */
  heading: string | null;
  /** A message whose place has yet to come. */
  message: Groups | null;
  /** A place whose message has yet to come. */
  waiting: Diagnostic | null;
  /** A message that goes on below, of a tool that tells its code at the very end. */
  open: Diagnostic | null;
}

function readLines(lines: string[], checkout: string): Diagnostic[] {
  const reading: Reading = { found: [], heading: null, message: null, waiting: null, open: null };
  for (const raw of lines) {
    if (reading.found.length >= LIMIT) break;
    takeLine(raw.trimEnd(), reading, checkout);
  }
  return reading.found;
}

function takeLine(line: string, reading: Reading, checkout: string): void {
  const { found, heading, open } = reading;
  const add = (groups: Groups) => {
    const one = diagnostic(groups, checkout);
    found.push(one);
    return one;
  };
  const biome = BIOME.exec(line)?.groups;
  const coded = TSC.exec(line) ?? TSC_PRETTY.exec(line);
  const pyright = PYRIGHT.exec(line)?.groups;
  const goVet = GO_VET.exec(line)?.groups;
  const maven = MAVEN.exec(line)?.groups;
  const listed = heading === null ? null : ESLINT.exec(line);
  const place = PLACE.exec(line)?.groups;
  if (place !== undefined) {
    if (reading.message) add({ ...reading.message, ...place });
    reading.message = null;
    return;
  }
  reading.open = null;
  if (biome) {
    const { file, line: at, column, code } = biome;
    reading.waiting = add({ file, line: at, column, code, message: code });
  } else if (coded?.groups) add(coded.groups);
  else if (pyright) reading.open = withCode(add(pyright));
  else if (goVet) withCode(add(goVet));
  else if (maven) {
    // Each is told when it happens and again at the end.
    const one = add(maven);
    if (found.slice(0, -1).some((before) => isDeepStrictEqual(before, one))) found.pop();
  } else if (listed?.groups) add({ ...listed.groups, file: heading ?? '' });
  else if (open && goesOn(line, open)) {
    open.message += ` ${line.trim()}`;
    withCode(open);
    reading.open = open;
  } else takeRest(line, reading, add);
}

/** pyright explains on further lines, and mypy breaks long ones; both tell the rule at the very end. */
function goesOn(line: string, open: Diagnostic): boolean {
  if (open.code !== undefined || line === '' || GENERIC.test(line)) return false;
  return /^\s{4,}\S/.test(line) || /^[^\s].*\s\[[a-z-]+\]$|^\[[a-z-]+\]$/.test(line);
}

function takeRest(line: string, reading: Reading, add: (groups: Groups) => Diagnostic): void {
  const generic = GENERIC.exec(line)?.groups;
  const cross = /^\s+[×✖] (?<message>\S.*)$/.exec(line)?.groups?.message;
  const ahead = RUSTC.exec(line)?.groups ?? RUFF.exec(line)?.groups;
  if (generic && !/^(?:note|info): /.test(generic.message ?? '')) {
    const one = withCode(add(generic));
    if (one.file.endsWith('.py') && one.code === undefined) reading.open = one;
  } else if (cross !== undefined && reading.waiting) {
    reading.waiting.message = cross;
    reading.waiting = null;
  } else if (ahead) reading.message = ahead;
  else if (FILE_LINE.test(line)) reading.heading = line;
  else if (line !== '' && !line.startsWith(' ')) reading.heading = null;
}

function diagnostic(groups: Groups, checkout: string): Diagnostic {
  const { file = '', line, column, code, message = '' } = groups;
  return {
    file: relativeTo(checkout, file),
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column: Number(column) }),
    ...(code === undefined ? {} : { code }),
    message: message.trim(),
  };
}

/** Takes the code out of the message of a form that has no place of its own for it. */
function withCode(found: Diagnostic): Diagnostic {
  const { file, message: said } = found;
  const named = PYLINT.test(said) || file.endsWith('.go') || /\(report\w+\)$/.test(said);
  const trailing = TRAILING_CODE.exec(said) ?? (named ? TRAILING_NAME.exec(said) : null);
  const text = trailing ? said.slice(0, trailing.index) : said;
  const { code: own, short, message = text } = LEADING_CODE.exec(text)?.groups ?? {};
  const code = own ?? short ?? (trailing?.groups?.code || undefined);
  if (code !== undefined) found.code = code;
  found.message = message === '' ? (code ?? text) : message;
  return found;
}
