/**
 * The four trees of law 2. Which part of a fix did what can only be told when its tests and its source changes can be
 * had one without the other. Context entries (`.self-healing/`) are neither code nor test: they are in the whole fix only.
 */
import type { Change } from './changes.ts';
import { type Workspace, withIndex, workspaceGit } from './workspace.ts';

export interface Trees {
  /** B */
  base: string;
  /** B+T: the base with the fix's test files (and test support). */
  baseTests: string;
  /** B+S: the base with only the fix's source changes. */
  baseSource: string;
  /** F */
  fix: string;
}

export async function composeTrees(
  workspace: Workspace,
  base: string,
  fix: string,
  changes: readonly Change[],
): Promise<Trees> {
  const tests = changes.filter((change) => change.kind === 'test' || change.kind === 'support');
  const source = changes.filter((change) => change.kind === 'source');
  const [baseTests, baseSource] = await Promise.all([apply(workspace, base, tests), apply(workspace, base, source)]);
  return { base, baseTests, baseSource, fix };
}

async function apply(workspace: Workspace, base: string, changes: readonly Change[]): Promise<string> {
  if (changes.length === 0) return base;
  const none = '0'.repeat(base.length);
  // Deletions first: a file may give way to a folder of the same name.
  const ordered = [...changes].sort((a, b) => Number(b.status === 'D') - Number(a.status === 'D'));
  const lines = ordered.map(({ newMode, newBlob, path }) =>
    newMode === null ? `0 ${none}\t${path}\0` : `${newMode} ${newBlob}\t${path}\0`,
  );
  return withIndex(async (index) => {
    await workspaceGit(workspace, ['read-tree', base], { index });
    await workspaceGit(workspace, ['update-index', '--replace', '-z', '--index-info'], {
      index,
      input: lines.join(''),
    });
    return (await workspaceGit(workspace, ['write-tree'], { index })).trim();
  });
}
