/** What a fix may not add to JavaScript and TypeScript test files. */
import { foreignLine } from '../foreign-line.ts';
import { type Block, readBlocks } from './javascript-blocks.ts';
import type { Tampering, TestChange } from './test-change.ts';

const MARKERS = [
  /\b(?:it|test|describe|context|suite|specify|bench)(?:\.\w+)*\.(?:skip|only|todo|fails|failing|skipIf|runIf)\b/,
  /(?<![\w.$])([fx](?:it|describe|test|context))\s*\(/,
  /\b(?:this|t|ctx)\.(?:skip|todo)\s*\(/,
  /\b(?:it|test|describe|suite)\s*\(\s*(?:'[^']*'|"[^"]*"|`[^`]*`)\s*,\s*\{[^}]*\b(?:skip|only|todo)\s*:\s*(?!false)/,
];
/** Moved to the top of the file by the runner, wherever they stand. */
const HOISTED = /\b(?:jest|vi|vitest)\s*\.\s*(?:mock|unmock)\s*\(/;
/** Holds for all that runs after it. */
const LASTING =
  /\b(?:jest|vi|vitest)\s*\.\s*(?:doMock|setConfig|useFakeTimers|stubGlobal|stubEnv|retryTimes|setTimeout)\s*\(|\bmock\s*\.\s*module\s*\(/;
const EXIT = /\bprocess\s*\.\s*(?:exit|reallyExit|abort|kill)\s*\(|\bprocess\s*\.\s*exitCode\s*=/;
const GLOBAL =
  /\b(?:globalThis|global|window)\s*(?:\.\s*|\[\s*['"`])(?:expect|it|test|describe|assert)\b|\bexpect\s*\.\s*extend\s*\(/;

type Report = (code: string, line: number, message: string, next: string) => void;

export function findJavaScriptTampering(change: TestChange): Tampering[] {
  const { path, newText, oldText } = change;
  const lines = newText.split('\n');
  const added = [...change.added].sort((a, b) => a - b).filter((line) => isCode(lines[line - 1] ?? ''));
  const found: Tampering[] = [];
  const report: Report = (code, line, message, next) => {
    if (!found.some((item) => item.code === code)) found.push({ code, line, message, next });
  };
  for (const line of added)
    if (isMarked(lines[line - 1] ?? '', newText))
      report(
        'marker',
        line,
        `Line ${line} of ${path} adds a skip, only, todo or expected-failure mark.`,
        'Remove the mark: every case has to run, and to run for real.',
      );
  if (!change.existing || added.length === 0) return found;

  const blocks = readBlocks(newText);
  if (blocks === null && !newText.startsWith(oldText.replace(/\s+$/, '')))
    report(
      'unreadable',
      added[0] ?? 1,
      `The brackets of ${path} could not be followed, so that it cannot be told whether existing cases changed.`,
      'Put the new case at the very end of the file, or into a new file.',
    );
  for (const line of added) {
    const around = (blocks ?? []).filter((block) => block.start <= line && line <= block.end);
    judgeLine(change, line, lines[line - 1] ?? '', around, report);
    judgePlace(change, line, around, report);
  }
  return found;
}

/** A mark; names such as `fit` are none where the file declares them itself. */
function isMarked(line: string, text: string): boolean {
  return MARKERS.some((marker) => {
    const match = marker.exec(line);
    const name = match?.[1];
    if (!match || name === undefined) return match !== null;
    return !new RegExp(`\\b(?:import|const|let|var|function)\\b[^;\\n]*\\b${name}\\b`).test(text);
  });
}

function judgeLine(change: TestChange, line: number, text: string, around: readonly Block[], report: Report): void {
  const { path } = change;
  if (EXIT.test(text))
    report(
      'test_exit',
      line,
      `Line ${line} of ${path} ends the test process.`,
      'Remove it: cases after it would not run.',
    );
  if (GLOBAL.test(text))
    report(
      'test_globals',
      line,
      `Line ${line} of ${path} changes how assertions work for the whole file.`,
      'Remove it and assert with what the project already uses.',
    );
  const own = around.some((block) => change.added.has(block.start));
  if (HOISTED.test(text) || (LASTING.test(text) && !own))
    report(
      'shared_setup',
      line,
      `Line ${line} of ${path} mocks or configures something for every case of an existing file.`,
      'Put the case that needs it into a new test file.',
    );
}

function judgePlace(change: TestChange, line: number, around: readonly Block[], report: Report): void {
  const { path } = change;
  const inner = around.filter((block) => block.start < line);
  // A new case within an existing one, where the runner has that (`t.test`), begins a block of its own.
  const own = around.findLast((block) => block.kind !== 'suite' && (block.start < line || block.subtest));
  if (own && !change.added.has(own.start)) {
    const what =
      own.kind === 'hook'
        ? `the existing ${own.callee}`
        : `the existing case ${JSON.stringify(foreignLine(own.title || own.callee, 80))}`;
    report(
      'case_changed',
      line,
      `Line ${line} of ${path} was put into ${what}.`,
      'Leave existing cases and hooks as they are; write a case of its own.',
    );
  }
  const hook = around.find((block) => block.kind === 'hook' && block.start === line);
  const suite = inner.findLast((block) => block.kind === 'suite');
  if (hook && (!suite || !change.added.has(suite.start)))
    report(
      'shared_setup',
      line,
      `Line ${line} of ${path} adds a ${hook.callee} that runs around existing cases.`,
      'Put it into a describe block of its own together with the new case, or into a new file.',
    );
}

function isCode(line: string): boolean {
  return line.trim() !== '' && !/^\s*\/\//.test(line);
}
