/**
 * git does not look whether an object read from disk is what its id says, and whoever can write the user's object store can
 * put other bytes under the id of a test. Before a tree is run, its folders' objects and the files that were written from
 * it are hashed again.
 */
import { createHash } from 'node:crypto';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../context/git.ts';
import { RemoteError } from '../events/errors.ts';
import type { TreeEntry } from './tree.ts';
import { type Workspace, workspaceGit, workspaceOptions } from './workspace.ts';

/** Files that are hashed at the same time. */
const AT_ONCE = 64;

/**
 * Throws RemoteError when an object is forged. The tree must stand in `folder`, untouched by any run; ids in `known` are
 * trusted, and those that proved genuine are added to it.
 */
export async function requireGenuine(
  workspace: Workspace,
  folder: string,
  tree: string,
  entries: readonly TreeEntry[],
  known: Set<string>,
): Promise<void> {
  const listed = await workspaceGit(workspace, ['ls-tree', '-r', '-t', '-z', '--full-tree', tree]);
  const folders = [...listed.matchAll(/(?:^|\0)040000 tree (\w+)\t/g)].map(([, id = '']) => id);
  await requireGenuineObjects(workspace, [tree, ...folders], known);
  const unknown = entries.filter(({ mode, id }) => mode !== '160000' && !known.has(id));
  const doubtful: string[] = [];
  for (let at = 0; at < unknown.length; at += AT_ONCE)
    await Promise.all(
      unknown.slice(at, at + AT_ONCE).map(async ({ id, path }) => {
        const bytes = await bytesOf(join(folder, path));
        if (bytes && hashOf('blob', bytes, id.length) === id) known.add(id);
        else doubtful.push(id); // line ends may be written differently; the object itself tells
      }),
    );
  await requireGenuineObjects(workspace, doubtful, known);
}

/** The same for objects of any kind, by their full ids. */
export async function requireGenuineObjects(
  workspace: Workspace,
  ids: readonly string[],
  known = new Set<string>(),
): Promise<void> {
  const wanted = [...new Set(ids)].filter((id) => !known.has(id));
  if (wanted.length === 0) return;
  const output = Buffer.from(
    await git(['cat-file', '--batch'], {
      ...workspaceOptions(workspace, { input: `${wanted.join('\n')}\n` }),
      encoding: 'latin1',
    }),
    'latin1',
  );
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [id = '', type = '', size = ''] = output.toString('latin1', at, end).split(' ');
    const bytes = output.subarray(end + 1, end + 1 + Number(size));
    if (hashOf(type, bytes, id.length) !== id) throw forged(id);
    known.add(id);
    at = end + 2 + Number(size);
  }
  for (const id of wanted) if (!known.has(id)) throw forged(id);
}

async function bytesOf(path: string): Promise<Buffer | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink()) return Buffer.from(await readlink(path, 'buffer'));
  return found?.isFile() ? readFile(path) : undefined;
}

function hashOf(type: string, bytes: Buffer, length: number): string {
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash.update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

function forged(id: string): Error {
  return new RemoteError(
    `Object ${id} of the repository does not hold what its id says: its store is damaged, or somebody changed it.`,
    'Run `git fsck` in the main checkout and restore the object from a clone; nothing can be proven until then.',
  );
}
