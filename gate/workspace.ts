/**
 * `gate.git`: a bare repository of our own with nothing configured, which borrows the user's object store. Every tree
 * that is judged is written and checked out through it, so that the user's filters, hooks, fsmonitor, `info/exclude`,
 * `info/attributes`, replace refs, index and config cannot take part.
 *
 * Its few files are compared with what we write on every opening: whatever else is found there is thrown away.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitOptions, git } from '../context/git.ts';
import type { Repository } from '../context/repository.ts';

export interface Workspace {
  repository: Repository;
  /** Absolute path of `gate.git`. */
  gitDir: string;
  /** Absolute path of the object store that it borrows. */
  objects: string;
}

export interface WorkspaceGitOptions {
  /** Work tree, and the folder in which git is started. */
  folder?: string;
  /** Private index file. */
  index?: string;
  /** Private folder for new objects; those of the repository are still read. Default: into the repository's own store. */
  objects?: string;
  input?: GitOptions['input'];
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

const HEAD = 'ref: refs/heads/none\n';

/** Only switches that turn something off or fix a default that a platform would guess. */
function configText(objectFormat: string): string {
  const sha256 = objectFormat === 'sha256';
  return [
    '[core]',
    `\trepositoryformatversion = ${sha256 ? 1 : 0}`,
    '\tbare = true',
    '\tfileMode = true',
    '\tsymlinks = true',
    '\tignoreCase = false',
    '\tautocrlf = false',
    '\tsafecrlf = false',
    '\texcludesFile = /dev/null',
    '\tattributesFile = /dev/null',
    ...(sha256 ? ['[extensions]', '\tobjectFormat = sha256'] : []),
    '',
  ].join('\n');
}

/** Opens (and creates on demand) the repository's `gate.git`. */
export async function openWorkspace(repository: Repository): Promise<Workspace> {
  const gitDir = join(repository.home, 'gate.git');
  const format = await git(['rev-parse', '--show-object-format'], { cwd: repository.root });
  const config = configText(format.trim());
  if (!(await isPristine(gitDir, config))) await create(gitDir, config);
  return { repository, gitDir, objects: join(repository.gitDir, 'objects') };
}

async function isPristine(gitDir: string, config: string): Promise<boolean> {
  try {
    const names = (await readdir(gitDir)).sort().join();
    if (names !== 'HEAD,config,objects,refs') return false;
    const [head, found, objects, refs] = await Promise.all([
      readFile(join(gitDir, 'HEAD'), 'utf8'),
      readFile(join(gitDir, 'config'), 'utf8'),
      readdir(join(gitDir, 'objects')),
      readdir(join(gitDir, 'refs')),
    ]);
    return head === HEAD && found === config && objects.length === 0 && refs.length === 0;
  } catch {
    return false;
  }
}

async function create(gitDir: string, config: string): Promise<void> {
  const fresh = `${gitDir}.${randomUUID()}`;
  await mkdir(join(fresh, 'objects'), { recursive: true });
  await mkdir(join(fresh, 'refs'));
  await writeFile(join(fresh, 'HEAD'), HEAD);
  await writeFile(join(fresh, 'config'), config);
  await rm(gitDir, { recursive: true, force: true });
  try {
    await rename(fresh, gitDir);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Another process was faster: what it wrote is what we would have written.
    if (!(await isPristine(gitDir, config))) throw error;
  }
}

/** How git is started in the workspace, for callers that run it themselves. */
export function workspaceOptions(workspace: Workspace, options: WorkspaceGitOptions = {}): GitOptions {
  return {
    cwd: options.folder ?? workspace.gitDir,
    env: {
      GIT_DIR: workspace.gitDir,
      ...objectFolders(workspace.objects, options.objects),
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_ATTR_NOSYSTEM: '1',
      ...(options.folder ? { GIT_WORK_TREE: options.folder } : {}),
      ...(options.index ? { GIT_INDEX_FILE: options.index } : {}),
    },
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    ...(options.signal ? { signal: options.signal } : {}),
  };
}

function objectFolders(store: string, own: string | undefined): Record<string, string> {
  if (own === undefined) return { GIT_OBJECT_DIRECTORY: store };
  // A list with colons between; a quoted entry may hold one itself.
  const quoted = `"${store.replace(/["\\]/g, '\\$&')}"`;
  return { GIT_OBJECT_DIRECTORY: own, GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted };
}

/** stdout of a git command run in the workspace; throws GitError when it fails. */
export function workspaceGit(workspace: Workspace, args: string[], options: WorkspaceGitOptions = {}): Promise<string> {
  return git(args, workspaceOptions(workspace, options));
}

/** Runs `work` with the path of a private index file that exists for that long only. */
export async function withIndex<T>(work: (index: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'self-healing-index-'));
  try {
    return await work(join(folder, 'index'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
