/** What a fix may not add to JavaScript and TypeScript test files. */
import { foreignLine } from '../foreign-line.ts';
import { isClosing, once, type Report, unreadable } from './added-code.ts';
import { type Block, type Bracket, readJavaScript } from './javascript-blocks.ts';
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
  /\b(?:jest|vi|vitest)\s*\.\s*(?:doMock|setConfig|useFakeTimers|setSystemTime|stubGlobal|stubEnv|retryTimes|setTimeout|spyOn|replaceProperty)\s*\(|\bmock\s*\.\s*(?:module|method|timers)\b|\bsinon\s*\.\s*(?:stub|useFakeTimers|replace)\s*\(|\b(?:MockDate\s*\.\s*set|timekeeper\s*\.\s*freeze|nock)\s*\(/;
/** Something that was there before gets another value: `Date.now = …`, `process.env.TZ = …`. */
const ASSIGNMENT =
  /^\s*(?!(?:module\.)?exports\b)[\w$]+(?:\s*\.\s*[\w$]+|\[[^\]\n]+\])+\s*(?:\?\?|\|\||&&|[-+*/])?=(?![=>])|\bObject\s*\.\s*(?:assign|defineProperty)\s*\(/;
const EXIT = /\bprocess\s*\.\s*(?:exit|reallyExit|abort|kill)\s*\(|\bprocess\s*\.\s*exitCode\s*=/;
const GLOBAL =
  /\b(?:globalThis|global|window)\s*(?:\.\s*|\[\s*['"`])(?:expect|it|test|describe|assert)\b|\bexpect\s*\.\s*extend\s*\(/;

export function findJavaScriptTampering(change: TestChange): Tampering[] {
  const { path, newText } = change;
  const lines = newText.split('\n');
  const added = [...change.added].sort((a, b) => a - b).filter((line) => isCode(lines[line - 1] ?? ''));
  const { found, report } = once();
  for (const line of added)
    if (isMarked(lines[line - 1] ?? '', newText))
      report(
        'marker',
        line,
        `Line ${line} of ${path} adds a skip, only, todo or expected-failure mark.`,
        'Remove the mark: every case has to run, and to run for real.',
      );
  if (!change.existing || added.length === 0) return found;

  const read = readJavaScript(newText);
  if (read === null) for (const told of unreadable(change, added[0] ?? 1)) report(...told);
  const { blocks, brackets } = read ?? { blocks: [], brackets: [] };
  for (const line of added) {
    const around = blocks.filter((block) => block.start <= line && line <= block.end);
    judgeLine(change, line, lines[line - 1] ?? '', around, report);
    judgePlace(change, line, around, brackets, report);
    judgeCode(change, line, lines[line - 1] ?? '', around, brackets, report);
  }
  judgeExisting(change, lines, brackets, report);
  if (read) judgeCases(change, blocks, added[0] ?? 1, report);
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
  const lasting = LASTING.test(text) || (ASSIGNMENT.test(text) && around.every(({ kind }) => kind === 'suite'));
  if (HOISTED.test(text) || (lasting && !own))
    report(
      'shared_setup',
      line,
      `Line ${line} of ${path} mocks or configures something for every case of an existing file.`,
      'Put the case that needs it into a new test file.',
    );
}

function judgePlace(
  change: TestChange,
  line: number,
  around: readonly Block[],
  brackets: readonly Bracket[],
  report: Report,
): void {
  const { path } = change;
  const inner = around.filter((block) => block.start < line);
  // A new case within an existing one, where the runner has that (`t.test`), begins a block of its own.
  const own = around.findLast((block) => block.kind !== 'suite' && (block.start < line || block.subtest));
  if (own && !change.added.has(own.start) && !innermost(brackets, line)?.grows) {
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

/** Helpers, fixtures and loops beside the cases: what existing cases are made of. */
function judgeCode(
  change: TestChange,
  line: number,
  text: string,
  around: readonly Block[],
  brackets: readonly Bracket[],
  report: Report,
): void {
  const inner = innermost(brackets, line);
  if (!inner || inner.grows || change.added.has(inner.start) || isClosing(text)) return;
  // A new case within a loop or a condition that was there is a case of its own.
  if (around.some((block) => change.added.has(block.start))) return;
  report(
    'case_changed',
    line,
    `Line ${line} of ${change.path} was put into code that stood there before and begins in line ${inner.start}.`,
    'Leave helpers and data of existing cases as they are; give the new case its own.',
  );
}

/** Old lines that stand within something new: a condition, a function, a text. */
function judgeExisting(
  change: TestChange,
  lines: readonly string[],
  brackets: readonly Bracket[],
  report: Report,
): void {
  for (const bracket of brackets) {
    if (!change.added.has(bracket.start)) continue;
    for (let line = bracket.start + 1; line <= bracket.end; line++) {
      const text = lines[line - 1] ?? '';
      if (change.added.has(line) || !isCode(text) || isClosing(text)) continue;
      report(
        'case_changed',
        bracket.start,
        `Line ${bracket.start} of ${change.path} is put around line ${line}, which stood there before.`,
        'Leave existing lines where they are, outside of anything new.',
      );
      return;
    }
  }
}

/** A case that is within a comment or a text now is not there any more. */
function judgeCases(change: TestChange, blocks: readonly Block[], line: number, report: Report): void {
  const nameOf = ({ callee, title }: Block) => `${callee} ${title}`;
  const left = new Map<string, number>();
  for (const block of blocks) left.set(nameOf(block), (left.get(nameOf(block)) ?? 0) + 1);
  for (const block of readJavaScript(change.oldText)?.blocks ?? []) {
    const count = left.get(nameOf(block)) ?? 0;
    left.set(nameOf(block), count - 1);
    if (count > 0) continue;
    report(
      'case_changed',
      line,
      `The existing ${block.callee} ${JSON.stringify(foreignLine(block.title, 80))} of ${change.path} is no code any more.`,
      'Remove what was put around it.',
    );
    return;
  }
}

function innermost(brackets: readonly Bracket[], line: number): Bracket | undefined {
  return brackets.findLast((bracket) => bracket.start < line && line <= bracket.end);
}

function isCode(line: string): boolean {
  return line.trim() !== '' && !/^\s*\/\//.test(line);
}
