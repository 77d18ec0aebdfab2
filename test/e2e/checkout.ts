/**
 * What a person's checkout looks like, as far as law 5 promises that it stays: HEAD, index, status, refs, stash, git's own
 * settings and every file. Written without the product's code, which is what it is there to judge.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Name of a thing → its state; two of them compared say what differs. */
export type CheckoutDigest = Record<string, string>;

/** The product's own, and nothing else: its record, its reports, the folder of its worktrees. */
const OWN = /^(\.worktrees(\/|$)|\.self-healing\/(state\.db(-\w+)?|\.gitignore|reports(\/.*)?)$)/;
const OWN_REF = /^refs\/(heads\/hotfix\/auto-|remotes\/)/;
const OWN_EXCLUDE = '/.worktrees/';

export async function checkoutDigest(root: string): Promise<CheckoutDigest> {
  const git = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)('git', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  };
  const optional = (...args: string[]) => git(...args).catch(() => '');
  const refs = (await optional('for-each-ref', '--format=%(refname) %(objectname)')).split('\n');
  const digest: CheckoutDigest = {
    head: `${await optional('symbolic-ref', '-q', 'HEAD')}${await optional('rev-parse', '-q', '--verify', 'HEAD')}`,
    index: await git('ls-files', '--stage', '-v'),
    refs: refs.filter((line) => !OWN_REF.test(line)).join('\n'),
    stash: await optional('stash', 'list'),
  };
  const gitDir = (await git('rev-parse', '--absolute-git-dir')).trim();
  for (const name of await readdir(gitDir))
    if (/^config|^hooks$|^info$|^(MERGE|REBASE|CHERRY_PICK|BISECT)/.test(name)) await addFiles(gitDir, name, digest);
  const exclude = digest['info/exclude'];
  if (exclude !== undefined) digest['info/exclude'] = withoutOwnLine(exclude);
  const files: CheckoutDigest = {};
  for (const name of await readdir(root)) if (name !== '.git') await addFiles(root, name, files);
  for (const [path, state] of Object.entries(files)) if (!OWN.test(path)) digest[`file ${path}`] = state;
  return digest;
}

async function addFiles(folder: string, path: string, into: CheckoutDigest): Promise<void> {
  if (OWN.test(path)) return;
  const full = join(folder, path);
  const stat = await lstat(full);
  if (stat.isDirectory()) for (const name of await readdir(full)) await addFiles(folder, `${path}/${name}`, into);
  else if (stat.isSymbolicLink()) into[path] = `link to ${await readlink(full)}`;
  else if (path === 'info/exclude') into[path] = await readFile(full, 'utf8');
  else into[path] = `${(stat.mode & 0o777).toString(8)} ${hash(await readFile(full))}`;
}

function withoutOwnLine(text: string): string {
  return text
    .split('\n')
    .filter((line) => line !== OWN_EXCLUDE)
    .join('\n');
}

function hash(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16);
}
