/** What decides the outcome of a check besides its command and its tree: the installed dependencies and how they got there. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Repository } from '../context/repository.ts';
import { linkedFolders } from './dependencies.ts';
import { digestFolder } from './folder-digest.ts';

/** `checkoutKey` stands for lock files and settings; the folders are looked at too: a package may be exchanged without either. */
export async function environmentKey(
  repository: Repository,
  link: readonly string[],
  checkoutKey: string,
): Promise<string> {
  const parts = [checkoutKey];
  for (const folder of await linkedFolders(repository.root, link))
    for (const [path, digest] of (await digestFolder(join(repository.root, folder))).parts)
      parts.push(`${folder}${path} ${digest}`);
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
