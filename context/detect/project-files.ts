/** The files of a project as detection sees them: a list of paths and their text, from a commit or from a folder. */
import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { git, tryGit } from '../git.ts';

export interface ProjectFiles {
  /** Repository-relative, without ignored files. */
  paths: readonly string[];
  /** Text of a file in `paths`; undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** True for anything on disk, ignored files included: what is installed beside the project. */
  installed(path: string): Promise<boolean>;
  /** True when a program of this name is on PATH. */
  runs(program: string): Promise<boolean>;
}

async function isOnPath(program: string): Promise<boolean> {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    if (folder !== '' && (await exists(folder)(program))) return true;
  return false;
}

function exists(folder: string): (path: string) => Promise<boolean> {
  return (path) =>
    access(join(folder, path)).then(
      () => true,
      () => false,
    );
}

/** `root` is the main checkout: what is installed there is linked into worktrees. */
export async function filesOfCommit(root: string, commit: string): Promise<ProjectFiles> {
  const listed = await git(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit], { cwd: root });
  const paths = listed.split('\0').filter((path) => path !== '');
  const known = new Set(paths);
  return {
    paths,
    async read(path) {
      if (!known.has(path)) return undefined;
      const shown = await tryGit(['cat-file', 'blob', `${commit}:${path}`], { cwd: root });
      return shown.exit === 0 ? shown.stdout : undefined;
    },
    installed: exists(root),
    runs: isOnPath,
  };
}

/** Tracked and untracked files of a checkout, as they are on disk now. */
export async function filesOfFolder(folder: string): Promise<ProjectFiles> {
  const listed = await git(['ls-files', '-co', '--exclude-standard', '-z'], { cwd: folder });
  const paths = [...new Set(listed.split('\0').filter((path) => path !== ''))];
  const known = new Set(paths);
  return {
    paths,
    read: (path) =>
      known.has(path) ? readFile(join(folder, path), 'utf8').catch(() => undefined) : Promise.resolve(undefined),
    installed: exists(folder),
    runs: isOnPath,
  };
}
