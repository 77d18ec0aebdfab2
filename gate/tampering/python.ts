/** What a fix may not add to Python test files. */
import { type PythonBlock, readPythonBlocks } from './python-blocks.ts';
import type { Tampering, TestChange } from './test-change.ts';

const MARKER =
  /@(?:pytest\.)?mark\.(?:skip|skipif|xfail)\b|@(?:unittest\.)?(?:skip|skipIf|skipUnless|expectedFailure)\b|\bpytest\.(?:skip|xfail|importorskip)\s*\(|\bskipTest\s*\(|\bSkipTest\b|^\s*pytestmark\s*=|^\s*__test__\s*=|^\s*collect_ignore/;
const EXIT = /\b(?:os\._exit|os\.abort|os\.kill|pytest\.exit)\s*\(/;
const AUTOUSE = /\bautouse\s*=\s*True\b/;
const HOOKS =
  /^(?:setup|teardown|set_?up|tear_?down)(?:_?(?:module|class|function|method))?$|^pytest_\w+$|^load_tests$/i;

export function findPythonTampering(change: TestChange): Tampering[] {
  const lines = change.newText.split('\n');
  const added = [...change.added].sort((a, b) => a - b).filter((line) => /^\s*[^\s#]/.test(lines[line - 1] ?? ''));
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
        `Line ${line} of ${change.path} adds a skip or expected-failure mark.`,
        'Remove the mark: every case has to run, and to run for real.',
      );
  }
  if (/(^|\/)__init__\.py$/.test(change.path) && added[0] !== undefined)
    once(
      'shared_setup',
      added[0],
      `${change.path} gets code that runs before every test of its folder.`,
      'Leave it empty or as it was, and put the code into the new test itself.',
    );
  if (!change.existing) return found;

  for (const line of added) {
    const text = lines[line - 1] ?? '';
    if (EXIT.test(text))
      once(
        'test_exit',
        line,
        `Line ${line} of ${change.path} ends the test process.`,
        'Remove it: cases after it would not run.',
      );
  }
  const blocks = readPythonBlocks(change.newText);
  const isAdded = (block: PythonBlock) => change.added.has(block.start);
  const before = new Set(readPythonBlocks(change.oldText).map((block) => block.path));
  for (const line of added) {
    const around = blocks.filter((block) => block.start < line && line <= block.end);
    const own = around.findLast((block) => block.kind === 'def');
    if (own && !isAdded(own))
      once(
        'case_changed',
        line,
        `Line ${line} of ${change.path} was put into the existing function ${own.path}.`,
        'Leave existing tests, fixtures and functions as they are; write a test of its own.',
      );
    const inNewClass = around.some((block) => block.kind === 'class' && isAdded(block));
    if (AUTOUSE.test(lines[line - 1] ?? '') && !inNewClass)
      once(
        'shared_setup',
        line,
        `Line ${line} of ${change.path} adds a fixture that runs around existing tests.`,
        'Ask for the fixture by name in the new test, or put both into a new file.',
      );
  }
  for (const block of blocks.filter(isAdded)) {
    if (before.has(block.path))
      once(
        'case_shadowed',
        block.start,
        `Line ${block.start} of ${change.path} defines ${block.path} again, in the place of the existing one.`,
        'Give the new test a name of its own.',
      );
    const outer = blocks.findLast(
      (other) => other.kind === 'class' && other.start < block.start && block.start <= other.end,
    );
    if (block.kind === 'def' && HOOKS.test(block.name) && !(outer && isAdded(outer)))
      once(
        'shared_setup',
        block.start,
        `Line ${block.start} of ${change.path} adds ${block.name}, which runs around existing tests.`,
        'Put it into a class of its own together with the new test, or into a new file.',
      );
  }
  return found;
}
