/** Findings of type checkers, linters and compilers in a step's output, and which of the three they are. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { readDiagnostics } from '../diagnostics.ts';
import { kindByName, type StepFailure, type StepFailureKind } from './step-failure.ts';

const TYPES = /\bFound \d+ errors? in \d+ files?\b|\(report[A-Z]\w+\)|^error: .* \[[a-z-]+\]$/m;
const LINT =
  /\u2716 \d+ problems?|\bclippy::|\bcould not compile.*clippy|\brated at [\d.-]+\/10|\blint\/\w+\/|\[\{"filePath":|^Found \d+ errors?\.$/m;
const COMPILED = /\.(?:go|rs|java|kt|kts|c|cc|cpp|h|cs|swift|scala)$/;
/** esbuild, and whatever bundles with it, tells the place below. */
const ESBUILD = /^\s*[\u2718X] \[ERROR\] (.{1,500})\n\s*\n\s+(\S{1,300}):(\d{1,7}):(\d{1,7}):/m;

export function readDiagnosed(text: string, name: string, checkout: string): StepFailure | undefined {
  // Kotlin's compiler begins with its own letter and writes the file as an address.
  const plain = text.replace(/^e: (?:file:\/\/)?/gm, '');
  const strict = readDiagnostics(withoutWarnings(plain), checkout);
  // A step may fail by its warnings alone.
  const found = strict.length > 0 ? strict : readDiagnostics(plain, checkout);
  const [first] = found;
  if (first) {
    const { file, line, column, code = '', message } = first;
    const place = { file, line, column };
    return { kind: kindOf(first, plain, name), type: code, message, frames: [], place, others: found.length - 1 };
  }
  const [, message, file, line, column] = ESBUILD.exec(plain) ?? [];
  if (message === undefined || file === undefined) return undefined;
  const place = { file, line: Number(line), column: Number(column) };
  return { kind: 'build_error', type: '', message, frames: [], place, others: 0 };
}

function kindOf({ file, code = '' }: Diagnostic, text: string, name: string): StepFailureKind {
  if (/^TS\d+$/.test(code)) return 'type_error';
  if (/^(?:lint|assist|format|parse)\b/.test(code) || /^clippy::/.test(code)) return 'lint_error';
  if (/\.pyi?$/.test(file)) {
    if (/^[A-Z]{1,4}\d{2,5}$/.test(code)) return 'lint_error';
    if (TYPES.test(text)) return 'type_error';
  }
  if (COMPILED.test(file)) return LINT.test(text) || kindByName(name) === 'lint_error' ? 'lint_error' : 'build_error';
  if (LINT.test(text)) return 'lint_error';
  return TYPES.test(text) ? 'type_error' : kindByName(name);
}

/** Lines that only warn, and what rustc writes below one. */
function withoutWarnings(text: string): string {
  let skipping = false;
  return text
    .split('\n')
    .filter((line) => {
      if (/^warning(?:\[\w+\])?: /.test(line)) skipping = true;
      else if (line.trim() === '' || /^error/.test(line)) skipping = false;
      return !skipping && !/^\s+\d+:\d+\s+warning\s|: warning [A-Z]+\d+: |^\[WARNING\]|:\d+: warning: /.test(line);
    })
    .join('\n');
}
