/** Which files a fix may touch and what it may turn them into: forbidden paths, links, submodules, modes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change } from '../changes.ts';
import { ALWAYS_FORBIDDEN, forbiddenPaths } from '../forbidden-paths.ts';
import type { JudgedFinding } from '../judged-finding.ts';
import { configLine } from '../lift.ts';
import { type Workspace, withIndex, workspaceGit } from '../workspace.ts';

const ALWAYS = 'No setting lifts this: undo it, or hand over and describe the change that a person should make there.';

export function judgePaths(changes: readonly Change[], configured: readonly string[]): JudgedFinding[] {
  const forbidden = forbiddenPaths(configured);
  // One line for all of them: what is left of the list forbids none of the changed paths.
  const needed = (pattern: string) => changes.every(({ path }) => forbiddenPaths([pattern])(path)?.always !== false);
  const left = configured.filter(needed);
  const lift = configLine('guardrails', 'forbidden_paths', left);
  return changes.flatMap(({ path }): JudgedFinding[] => {
    const found = forbidden(path);
    if (!found) return [];
    return [
      {
        severity: 'refuse',
        code: 'guardrails.forbidden_path',
        message: `${path} is a forbidden path (${found.pattern}${found.always ? ', always forbidden' : ''}).`,
        file: path,
        next: found.always ? ALWAYS : 'Undo it, or hand over and describe the change that a person should make there.',
        ...(found.always ? {} : { lift }),
      },
    ];
  });
}

export function judgeModes(changes: readonly Change[]): JudgedFinding[] {
  return changes.flatMap(({ path, oldMode, newMode }): JudgedFinding[] => {
    const refuse = (code: string, message: string, next: string): JudgedFinding[] => [
      { severity: 'refuse', code: `guardrails.${code}`, message, file: path, next },
    ];
    if (newMode === '120000')
      return refuse(
        'symlink',
        `${path} is a new or changed symbolic link.`,
        'Put the content itself there instead of a link; no setting lifts this.',
      );
    if (newMode === '160000' || oldMode === '160000')
      return refuse(
        'submodule',
        `${path} is a git repository inside the repository (a submodule).`,
        `Remove ${path}/.git, or leave the submodule as it was; no setting lifts this.`,
      );
    if (oldMode !== null && newMode !== null && oldMode !== newMode)
      return refuse(
        'mode_change',
        `The file mode of ${path} changed from ${oldMode} to ${newMode}.`,
        `Set it back with chmod ${oldMode.slice(3)}; no setting lifts this.`,
      );
    return [];
  });
}

/**
 * Always-forbidden files that lie in the worktree but are ignored, and so in no tree: they still steer tools there.
 * A file that is the same in the main checkout was copied there by the product.
 */
export async function findHiddenForbidden(
  workspace: Workspace,
  folder: string,
  tree: string,
  linked: readonly string[],
): Promise<JudgedFinding[]> {
  const wanted = ALWAYS_FORBIDDEN.filter((pattern) => !pattern.startsWith('**/.git/') && pattern !== '**/.git').map(
    (pattern) => `:(top,glob,icase)${pattern}`,
  );
  const without = linked.map((name) => `:(top,glob,exclude)${name.includes('/') ? name : `**/${name}`}/**`);
  const listed = await withIndex(async (index) => {
    await workspaceGit(workspace, ['read-tree', tree], { index });
    return workspaceGit(workspace, ['ls-files', '--others', '-z', '--', ...wanted, ...without], { index, folder });
  });
  const findings: JudgedFinding[] = [];
  for (const path of listed.split('\0').filter((item) => item !== '')) {
    const here = await readFile(join(folder, path)).catch(() => Buffer.alloc(0));
    const main = await readFile(join(workspace.repository.root, path)).catch(() => undefined);
    if (main?.equals(here)) continue;
    findings.push({
      severity: 'refuse',
      code: 'guardrails.forbidden_path',
      message: `${path} was written into the worktree; it is always forbidden, also when git ignores it.`,
      file: path,
      next: ALWAYS,
    });
  }
  return findings;
}
