/** What differs between two trees, file by file and line by line. No rename detection: a rename is a deletion and an addition. */
import type { ChangeKind, Classify } from './change-kind.ts';
import { type Workspace, workspaceGit } from './workspace.ts';

export interface Change {
  path: string;
  /** Added, modified (content or mode), deleted, or another type (file ↔ symlink ↔ submodule). */
  status: 'A' | 'M' | 'D' | 'T';
  /** Git file modes such as `100644`; null on the side where there is no such file. */
  oldMode: string | null;
  newMode: string | null;
  /** Blob ids (commit ids for submodules); null on the side where there is no such file. */
  oldBlob: string | null;
  newBlob: string | null;
  kind: ChangeKind;
  /** Lines; 0 for a binary file. */
  added: number;
  removed: number;
  binary: boolean;
}

const PLAIN = ['--no-renames', '--no-ext-diff', '--no-textconv'];

/** Every path that differs between the trees, in path order. */
export async function changesBetween(
  workspace: Workspace,
  base: string,
  tree: string,
  classify: Classify,
): Promise<Change[]> {
  const output = await workspaceGit(workspace, [
    'diff-tree',
    '-r',
    '-z',
    '--raw',
    '--numstat',
    '--no-abbrev',
    ...PLAIN,
    base,
    tree,
  ]);
  const fields = output.split('\0');
  const changes = new Map<string, Change>();
  let at = 0;
  for (; fields[at]?.startsWith(':'); at += 2) {
    const [oldMode = '', newMode = '', oldBlob = '', newBlob = '', status = ''] = (fields[at] ?? '')
      .slice(1)
      .split(' ');
    const path = fields[at + 1] ?? '';
    changes.set(path, {
      path,
      status: status as Change['status'],
      ...side('old', oldMode, oldBlob),
      ...side('new', newMode, newBlob),
      kind: classify(path),
      added: 0,
      removed: 0,
      binary: false,
    });
  }
  for (; at < fields.length; at++) {
    const [added = '', removed = '', ...rest] = (fields[at] ?? '').split('\t');
    const change = changes.get(rest.join('\t'));
    if (!change) continue;
    change.binary = added === '-';
    change.added = Number(added) || 0;
    change.removed = Number(removed) || 0;
  }
  return [...changes.values()];
}

function side<S extends 'old' | 'new'>(name: S, mode: string, blob: string) {
  const there = mode !== '000000';
  return { [`${name}Mode`]: there ? mode : null, [`${name}Blob`]: there ? blob : null } as Record<
    `${S}Mode` | `${S}Blob`,
    string | null
  >;
}

export interface DiffOptions {
  /** Only these paths. */
  paths?: readonly string[];
  /** Lines of context around a change; default 3. */
  context?: number;
  /** Longest text in characters; what is over it is cut off and said so. */
  limit?: number;
}

/** The unified diff between two trees. */
export async function diffText(
  workspace: Workspace,
  base: string,
  tree: string,
  options: DiffOptions = {},
): Promise<string> {
  const paths = options.paths ? ['--', ...options.paths.map((path) => `:(top,literal)${path}`)] : [];
  if (options.paths?.length === 0) return '';
  const text = await workspaceGit(workspace, [
    'diff-tree',
    '-r',
    '-p',
    '--no-color',
    `-U${options.context ?? 3}`,
    '--full-index',
    ...PLAIN,
    base,
    tree,
    ...paths,
  ]);
  if (options.limit === undefined || text.length <= options.limit) return text;
  return `${text.slice(0, options.limit)}\n[… ${text.length - options.limit} characters left out …]\n`;
}

export interface AddedLine {
  path: string;
  /** 1-based, in the new file. */
  line: number;
  text: string;
}

export interface LineChanges {
  added: AddedLine[];
  /** `line` is 1-based in the old file. */
  removed: AddedLine[];
}

/** Added and removed lines of the given changes (binary files and submodules have none). */
export async function changedLines(
  workspace: Workspace,
  base: string,
  tree: string,
  changes: readonly Change[],
): Promise<LineChanges> {
  const lines: LineChanges = { added: [], removed: [] };
  const textual = changes.filter((change) => change.added + change.removed > 0);
  // One call per file keeps the path certain whatever characters it holds; a diff has few files.
  for (let at = 0; at < textual.length; at += 8) {
    const some = textual.slice(at, at + 8);
    const texts = await Promise.all(
      some.map(({ path }) => diffText(workspace, base, tree, { paths: [path], context: 0 })),
    );
    some.forEach(({ path }, index) => {
      readHunks(texts[index] ?? '', path, lines);
    });
  }
  return lines;
}

function readHunks(diff: string, path: string, into: LineChanges): void {
  let oldLine = 0;
  let newLine = 0;
  let oldLeft = 0;
  let newLeft = 0;
  for (const line of diff.split('\n')) {
    if (oldLeft > 0 && line.startsWith('-')) {
      into.removed.push({ path, line: oldLine++, text: line.slice(1) });
      oldLeft--;
    } else if (newLeft > 0 && line.startsWith('+')) {
      into.added.push({ path, line: newLine++, text: line.slice(1) });
      newLeft--;
    } else {
      const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
      if (!hunk) continue;
      oldLine = Number(hunk[1]);
      oldLeft = Number(hunk[2] ?? 1);
      newLine = Number(hunk[3]);
      newLeft = Number(hunk[4] ?? 1);
    }
  }
}
