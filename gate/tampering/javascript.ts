/** What a fix may not add to JavaScript and TypeScript test files. */

import { type Block, readBlocks } from './javascript-blocks.ts';
import type { Tampering, TestChange } from './test-change.ts';

const MARKER =
  /\b(?:it|test|describe|context|suite|specify|bench)(?:\.\w+)*\.(?:skip|only|todo|fails|failing|skipIf|runIf)\b|(?<![\w.$])(?:f|x)(?:it|describe|test|context)\s*\(|\b(?:this|t|ctx|context)\.(?:skip|todo)\s*\(|\{\s*(?:skip|only|todo)\s*:/;
const HOISTED =
  /\b(?:jest|vi|vitest)\s*\.\s*(?:mock|doMock|unmock|setConfig|useFakeTimers|stubGlobal|stubEnv|retryTimes|setTimeout)\s*\(|\bmock\s*\.\s*module\s*\(/;
const EXIT = /\bprocess\s*\.\s*(?:exit|reallyExit|abort|kill)\s*\(|\bprocess\s*\.\s*exitCode\s*=/;
const GLOBAL =
  /\b(?:globalThis|global|window)\s*(?:\.\s*|\[\s*['"`])(?:expect|it|test|describe|assert)\b|\bexpect\s*\.\s*extend\s*\(/;
const SNAPSHOT_UPDATE = /--update-?snapshots?\b|\bsnapshotState\b/i;

export function findJavaScriptTampering(change: TestChange): Tampering[] {
  const lines = change.newText.split('\n');
  const added = [...change.added].sort((a, b) => a - b).filter((line) => isCode(lines[line - 1] ?? ''));
  const found: Tampering[] = [];
  const once = (code: string, line: number, message: string, next: string) => {
    if (!found.some((item) => item.code === code)) found.push({ code, line, message, next });
  };
  for (const line of added) {
    const text = lines[line - 1] ?? '';
    if (MARKER.test(text))
      once(
        'marker',
        line,
        `Line ${line} of ${change.path} adds a skip, only, todo or expected-failure mark.`,
        'Remove the mark: every case has to run, and to run for real.',
      );
    if (EXIT.test(text))
      once(
        'test_exit',
        line,
        `Line ${line} of ${change.path} ends the test process.`,
        'Remove it: cases after it would not run.',
      );
    if (GLOBAL.test(text) || SNAPSHOT_UPDATE.test(text))
      once(
        'test_globals',
        line,
        `Line ${line} of ${change.path} changes how assertions work for the whole file.`,
        'Remove it and assert with what the project already uses.',
      );
  }
  if (!change.existing || added.length === 0) return found;

  for (const line of added)
    if (HOISTED.test(lines[line - 1] ?? ''))
      once(
        'shared_setup',
        line,
        `Line ${line} of ${change.path} mocks or configures something for every case of an existing file.`,
        'Put the case that needs it into a new test file.',
      );
  const blocks = readBlocks(change.newText);
  if (blocks === null) {
    if (!change.newText.startsWith(change.oldText.replace(/\s+$/, '')))
      once(
        'unreadable',
        added[0] ?? 1,
        `The brackets of ${change.path} could not be followed, so that it cannot be told whether existing cases changed.`,
        'Put the new case at the very end of the file, or into a new file.',
      );
    return found;
  }
  for (const line of added) judgePlace(change, line, blocks, once);
  return found;
}

function judgePlace(
  change: TestChange,
  line: number,
  blocks: readonly Block[],
  once: (code: string, line: number, message: string, next: string) => void,
): void {
  const around = blocks.filter((block) => block.start < line && line <= block.end);
  const own = around.findLast((block) => block.kind !== 'suite');
  if (own && !change.added.has(own.start)) {
    const what = own.kind === 'hook' ? `the existing ${own.callee}` : `the existing case "${own.title || own.callee}"`;
    once(
      'case_changed',
      line,
      `Line ${line} of ${change.path} was put into ${what}.`,
      'Leave existing cases and hooks as they are; write a case of its own.',
    );
  }
  const hook = blocks.find((block) => block.kind === 'hook' && block.start === line);
  const suite = around.findLast((block) => block.kind === 'suite');
  if (hook && (!suite || !change.added.has(suite.start)))
    once(
      'shared_setup',
      line,
      `Line ${line} of ${change.path} adds a ${hook.callee} that runs around existing cases.`,
      'Put it into a describe block of its own together with the new case, or into a new file.',
    );
}

function isCode(line: string): boolean {
  return line.trim() !== '' && !/^\s*\/\//.test(line);
}
