/** What a fix may not add to Python test files. */
import { once } from './added-code.ts';
import { type PythonBlock, readPythonBlocks } from './python-blocks.ts';
import type { Tampering, TestChange } from './test-change.ts';

const MARKER =
  /@(?:pytest\.)?mark\.(?:skip|skipif|xfail)\b|@(?:unittest\.)?(?:skip|skipIf|skipUnless|expectedFailure)\b|\bpytest\.(?:skip|xfail|importorskip)\s*\(|\bskipTest\s*\(|\bSkipTest\b|^\s*pytestmark\s*=|^\s*__test__\s*=|^\s*collect_ignore/;
const EXIT = /\b(?:os\._exit|os\.abort|os\.kill|pytest\.exit)\s*\(/;
const AUTOUSE = /\bautouse\s*=\s*True\b/;
/** Something that was there before gets another value, such as `time.time = …`. */
const ASSIGNMENT =
  /^\w+(?:\.\w+|\[[^\]\n]+\])+\s*[-+|]?=(?!=)|^setattr\(|^(?:\w+\.)*(?:patch|freeze_time)\([^\n]*\)\.start\(\)/;
const DECORATOR = /^\s*@/;
const HOOKS =
  /^(?:setup|teardown|set_?up|tear_?down)(?:_?(?:module|class|function|method))?$|^pytest_\w+$|^load_tests$/i;

export function findPythonTampering(change: TestChange): Tampering[] {
  const lines = change.newText.split('\n');
  const added = [...change.added].sort((a, b) => a - b).filter((line) => /^\s*[^\s#]/.test(lines[line - 1] ?? ''));
  const { found, report } = once();
  for (const line of added) {
    const text = lines[line - 1] ?? '';
    if (MARKER.test(text))
      report(
        'marker',
        line,
        `Line ${line} of ${change.path} adds a skip or expected-failure mark.`,
        'Remove the mark: every case has to run, and to run for real.',
      );
  }
  if (/(^|\/)__init__\.py$/.test(change.path) && added[0] !== undefined)
    report(
      'shared_setup',
      added[0],
      `${change.path} gets code that runs before every test of its folder.`,
      'Leave it empty or as it was, and put the code into the new test itself.',
    );
  if (!change.existing) return found;

  for (const line of added) {
    const text = lines[line - 1] ?? '';
    if (EXIT.test(text))
      report(
        'test_exit',
        line,
        `Line ${line} of ${change.path} ends the test process.`,
        'Remove it: cases after it would not run.',
      );
  }
  const blocks = readPythonBlocks(change.newText);
  const isAdded = (block: PythonBlock) => change.added.has(block.start);
  const before = new Set(readPythonBlocks(change.oldText).map((block) => block.path));
  const now = new Set(blocks.map((block) => block.path));
  const gone = [...before].find((path) => !now.has(path));
  if (gone !== undefined && added[0] !== undefined)
    report(
      'case_changed',
      added[0],
      `${gone} of ${change.path} is no code any more.`,
      'Remove what was put around it.',
    );
  const imported = importedNames(change.oldText);
  for (const line of added) {
    const text = lines[line - 1] ?? '';
    const around = blocks.filter((block) => block.start < line && line <= block.end);
    const own = around.findLast((block) => block.kind === 'def');
    if (own && !isAdded(own))
      report(
        'case_changed',
        line,
        `Line ${line} of ${change.path} was put into the existing function ${own.path}.`,
        'Leave existing tests, fixtures and functions as they are; write a test of its own.',
      );
    if (ASSIGNMENT.test(text) && around.length === 0)
      report(
        'shared_setup',
        line,
        `Line ${line} of ${change.path} replaces something for every test that runs after it.`,
        'Use monkeypatch or patch within the new test alone.',
      );
    const decorated = decoratedBy(lines, line);
    if (decorated !== undefined && !change.added.has(decorated))
      report(
        'case_changed',
        line,
        `Line ${line} of ${change.path} decorates what stood there before in line ${decorated}.`,
        'Leave existing tests, fixtures and functions as they are; write a test of its own.',
      );
    const assigned = /^(\w+)\s*(?::[^=]+)?=(?!=)/.exec(text)?.[1];
    if (assigned !== undefined && (before.has(assigned) || imported.has(assigned)))
      report(
        'case_shadowed',
        line,
        `Line ${line} of ${change.path} gives ${assigned}, which existing tests use, another value.`,
        'Give it a name of its own.',
      );
    const inNewClass = around.some((block) => block.kind === 'class' && isAdded(block));
    if (AUTOUSE.test(text) && !inNewClass)
      report(
        'shared_setup',
        line,
        `Line ${line} of ${change.path} adds a fixture that runs around existing tests.`,
        'Ask for the fixture by name in the new test, or put both into a new file.',
      );
  }
  for (const block of blocks.filter(isAdded)) {
    if (before.has(block.path) || imported.has(block.path))
      report(
        'case_shadowed',
        block.start,
        `Line ${block.start} of ${change.path} defines ${block.path} again, in the place of the existing one.`,
        'Give the new test a name of its own.',
      );
    const outer = blocks.findLast(
      (other) => other.kind === 'class' && other.start < block.start && block.start <= other.end,
    );
    if (block.kind === 'def' && HOOKS.test(block.name) && !(outer && isAdded(outer)))
      report(
        'shared_setup',
        block.start,
        `Line ${block.start} of ${change.path} adds ${block.name}, which runs around existing tests.`,
        'Put it into a class of its own together with the new test, or into a new file.',
      );
  }
  return found;
}

/** Names that an import at the top of the file brings in. */
function importedNames(text: string): Set<string> {
  const names = new Set<string>();
  for (const [, list = ''] of text.matchAll(/^(?:from\s+[\w.]+\s+)?import\s+(\([^)]*\)|[^\n#]+)/gm))
    for (const one of list.replace(/[()]|#[^\n]*/g, '').split(',')) {
      const name = /(?:\bas\s+)?(\w+)[\w.]*\s*$/.exec(one.trim().replace(/^(\w+)(?:\.\w+)+$/, '$1'))?.[1];
      if (name !== undefined) names.add(name);
    }
  return names;
}

/** The line of the function or class that a decorator of this line belongs to. */
function decoratedBy(lines: readonly string[], line: number): number | undefined {
  if (!DECORATOR.test(lines[line - 1] ?? '')) return undefined;
  for (let at = line; at < lines.length; at++)
    if (/^\s*(?:async\s+def|def|class)\b/.test(lines[at] ?? '')) return at + 1;
  return undefined;
}
