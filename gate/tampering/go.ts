/** What a fix may not add to Go test files. Lines that are gone are told without knowing the language. */

import { addedCode, isClosing, once, unreadable } from './added-code.ts';
import { type Bracket, readBraces } from './braces.ts';
import type { Tampering, TestChange } from './test-change.ts';

const SKIP = /\b\w+\.Skip(?:f|Now)?\s*\(|\btesting\.Short\s*\(\)/;
const CONSTRAINT = /^\/\/(?:go:build\b| ?\+build\b)/;
const PACKAGE_WIDE = /^func\s+(TestMain|init)\s*\(/;
const EXIT = /\b(?:os|syscall)\.Exit\s*\(|\bruntime\.Goexit\s*\(/;
const FUNCTION = /^func\s+(?:\([^)]*\)\s*)?(\w+)/;

export function findGoTampering(change: TestChange): Tampering[] {
  const { path, newText, oldText } = change;
  const lines = newText.split('\n');
  const { found, report } = once();
  // A build constraint is a comment.
  for (const line of change.added)
    if (CONSTRAINT.test(lines[line - 1] ?? ''))
      report(
        'marker',
        line,
        `Line ${line} of ${path} adds a build constraint, which can take the whole file out of the run.`,
        'Remove the constraint: every case has to run, and to run for real.',
      );
  const added = addedCode(change, /^\s*\/\//);
  for (const line of added) {
    const text = lines[line - 1] ?? '';
    const wide = PACKAGE_WIDE.exec(text)?.[1];
    if (SKIP.test(text))
      report(
        'marker',
        line,
        `Line ${line} of ${path} skips a case.`,
        'Remove it: every case has to run, and to run for real.',
      );
    if (wide !== undefined)
      report(
        'shared_setup',
        line,
        `Line ${line} of ${path} adds ${wide}, which runs before every test of the package.`,
        'Put what the new case needs into the new case itself.',
      );
  }
  if (!change.existing || added.length === 0) return found;

  const braces = readBraces(newText);
  if (braces === null) for (const told of unreadable(change, added[0] ?? 1)) report(...told);
  const names = new Set(functions(braces));
  const gone = functions(readBraces(oldText)).find((name) => !names.has(name));
  if (braces !== null && gone !== undefined)
    report(
      'case_changed',
      added[0] ?? 1,
      `The existing function ${gone} of ${path} is no code any more.`,
      'Remove what was put around it.',
    );
  for (const line of added) {
    const text = lines[line - 1] ?? '';
    if (EXIT.test(text))
      report(
        'test_exit',
        line,
        `Line ${line} of ${path} ends the test process.`,
        'Remove it: cases after it would not run.',
      );
    const around = (braces ?? []).filter((bracket) => bracket.start < line && line <= bracket.end);
    const inner = around.at(-1);
    if (inner === undefined || change.added.has(inner.start) || isClosing(text)) continue;
    if (isTable(inner) || /^import\s*$/.test(inner.before)) continue;
    const outer = FUNCTION.exec(around[0]?.before ?? '')?.[1];
    report(
      'case_changed',
      line,
      `Line ${line} of ${path} was put into ${outer === undefined ? `what begins in line ${inner.start}` : `the existing function ${outer}`}.`,
      'Leave existing functions as they are; write a case of its own, or a row of a table of cases.',
    );
  }
  return found;
}

/** A list of rows, such as `[]struct{ in, out string }{`: gofmt puts no space before its bracket. */
function isTable({ open, before }: Bracket): boolean {
  return open === '{' && /(?:\}|\[[^\]]*\][\w.*]+)$/.test(before);
}

function functions(braces: readonly Bracket[] | null): string[] {
  // Of what is read as code alone: a function within a comment has no bracket.
  return (braces ?? []).flatMap(({ before }) => FUNCTION.exec(before)?.[1] ?? []);
}
