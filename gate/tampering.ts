/**
 * Whether a fix changed what judges it. Existing test files may only be added to, outside of what existing cases are made
 * of; what loads itself into other tests, or decides which of them run and how, stays as it is.
 */
import type { Config } from '../context/schemas/config.ts';
import type { Change, LineChanges } from './changes.ts';
import { foreignLine } from './foreign-line.ts';
import type { Diagnosis } from './guardrails/limits.ts';
import type { FindingSeverity, JudgedFinding } from './judged-finding.ts';
import { configLine } from './lift.ts';
import { findGoTampering } from './tampering/go.ts';
import { findJavaTampering } from './tampering/java.ts';
import { findJavaScriptTampering } from './tampering/javascript.ts';
import { findManifestTampering } from './tampering/manifests.ts';
import { findMockedSubject, type Subject } from './tampering/mocked-subject.ts';
import { findPythonTampering } from './tampering/python.ts';
import type { Tampering, TestChange } from './tampering/test-change.ts';
import { blobText } from './tree.ts';
import type { Workspace } from './workspace.ts';

export interface TamperingInput {
  workspace: Workspace;
  changes: readonly Change[];
  lines: LineChanges;
  config: Pick<Config, 'tests'>;
  diagnosis: Diagnosis | undefined;
}

type TamperingReader = (change: TestChange) => Tampering[];

const READERS: [RegExp, TamperingReader][] = [
  [/\.[cm]?[jt]sx?$/i, findJavaScriptTampering],
  [/\.pyi?$/i, findPythonTampering],
  [/\.go$/i, findGoTampering],
  [/\.java$/i, findJavaTampering],
];

const SNAPSHOT = /(^|\/)__snapshots__\/|\.(snap|ambr|snapshot|golden)$|\.(golden|approved|snap|snapshot)\.\w+$/i;

/** What tests read and nothing else does, wherever it lies: Go ignores this folder when it builds. */
const TEST_DATA = /(^|\/)testdata\//;

/** Where packages come from, and what a dependency issue opens: no question of how tests are edited. */
const FINAL = new Set(['lock_source', 'lock_integrity', 'beyond_dependencies']);

/** Sample projects that tests work on bring manifests of their own. */
const FIXTURE = /(^|\/)(__)?(fixtures?|samples?|testdata)(__)?\//i;

export async function findTampering(input: TamperingInput): Promise<JudgedFinding[]> {
  const { workspace, changes, lines, config, diagnosis } = input;
  const severity: FindingSeverity = config.tests.edits === 'ask' ? 'ask' : 'refuse';
  const lift = severity === 'refuse' ? { lift: configLine('tests', 'edits', 'ask') } : {};
  const findings: JudgedFinding[] = [];
  const report = (path: string, found: readonly Tampering[]) => {
    for (const { code, message, line, next } of found) {
      const isFinal = FINAL.has(code);
      findings.push({
        severity: isFinal ? 'refuse' : severity,
        code: `tampering.${code}`,
        message,
        file: path,
        ...(line === undefined ? {} : { line }),
        next,
        ...(isFinal ? {} : lift),
      });
    }
  };
  let subjects: Subject[] | undefined;
  const readSubjects = async () => {
    const repaired = changes.filter(({ kind, newBlob, binary }) => kind === 'source' && newBlob !== null && !binary);
    return Promise.all(
      repaired.map(async ({ path, newBlob }) => ({ path, newText: await blobText(workspace, newBlob) })),
    );
  };
  for (const change of changes) {
    const { path, kind } = change;
    if (kind === 'support') report(path, [supportChanged(change)]);
    else if (kind === 'test') {
      const test = await read(workspace, change, lines);
      const shape = shapeOf(change, lines, test);
      report(path, shape);
      const reader = READERS.find(([pattern]) => pattern.test(path))?.[1];
      if (shape.length === 0 && reader) report(path, reader(test));
      subjects ??= await readSubjects();
      if (reader) report(path, findMockedSubject(test, subjects));
    } else if (kind === 'source' && (SNAPSHOT.test(path) || TEST_DATA.test(path)))
      report(path, shapeOf(change, lines, await read(workspace, change, lines)));
    if (kind === 'source' || (kind === 'test' && !FIXTURE.test(path))) {
      const texts = async () =>
        [await blobText(workspace, change.oldBlob), await blobText(workspace, change.newBlob)] as const;
      report(path, await findManifestTampering(change, diagnosis?.failure_type === 'dependency_issue', texts));
    }
  }
  return findings;
}

function supportChanged({ path, status }: Change): Tampering {
  const what = status === 'A' ? 'is new' : status === 'D' ? 'is deleted' : 'is changed';
  return {
    code: 'test_configuration',
    message: `${path} ${what}; it is loaded on its own and can change what other tests, checks or builds do.`,
    next: `Leave ${path} as it was on the base; put what a new test needs into that test's own file.`,
  };
}

/** What can be told without knowing the language: deleted files and lines that are gone. */
function shapeOf(change: Change, lines: LineChanges, test: TestChange): Tampering[] {
  const { path, status } = change;
  if (status === 'A') return [];
  const snapshot = SNAPSHOT.test(path);
  if (status === 'D')
    return [
      {
        code: snapshot ? 'snapshot_deleted' : 'test_deleted',
        message: `The test file ${path} is deleted (or renamed).`,
        next: 'Restore it; new cases go into a new file or to the end of this one.',
      },
    ];
  if (status === 'T') return []; // a link or submodule: the guardrails refuse it
  if (change.binary)
    return [
      {
        code: 'test_changed',
        message: `The binary test file ${path} is changed.`,
        next: 'Restore it as it was on the base.',
      },
    ];
  if (test.newText.startsWith(`${test.oldText}\n`)) return []; // appended to a last line without line end
  const first = lines.removed.find((line) => line.path === path);
  if (!first) return [];
  return [
    snapshot
      ? {
          code: 'snapshot_rewritten',
          message: `The recorded snapshot ${path} is rewritten: line ${first.line} of the base is gone.`,
          line: first.line,
          next: 'Restore it; the fix has to produce what was recorded, and new cases record snapshots of their own.',
        }
      : {
          code: 'test_changed',
          message: `Line ${first.line} of the existing test file ${path} is changed or removed: ${JSON.stringify(foreignLine(first.text, 80))}.`,
          line: first.line,
          next: 'Restore the line; existing test files may only be added to. A new case may bring its own import line, or live in a new file.',
        },
  ];
}

async function read(workspace: Workspace, change: Change, lines: LineChanges): Promise<TestChange> {
  const oldText = await blobText(workspace, change.oldBlob);
  const newText = await blobText(workspace, change.newBlob);
  // A last line without line end counts as changed when something is appended to it.
  const kept = newText.startsWith(`${oldText}\n`) ? oldText.split('\n').length : 0;
  const added = lines.added.filter(({ path, line }) => path === change.path && line > kept).map(({ line }) => line);
  return { path: change.path, existing: change.status !== 'A', oldText, newText, added: new Set(added) };
}
