/**
 * The user's checkout is untouched (law 5): what it looked like before an attempt, compared with what it looks like after.
 * A person may have worked there meanwhile, so that a moved HEAD, index, file, ref or stash only asks; what changes how git,
 * the tools or the law behave is refused.
 */
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { git, tryGit } from '../context/git.ts';
import type { Repository } from '../context/repository.ts';
import { digestFolder } from './folder-digest.ts';
import type { Finding } from './verification.ts';

/** Names of things → hash or text of their state. Plain data. */
type States = Record<string, string>;

export interface MainDigest {
  head: string;
  /** Path with stage and flags (assume-unchanged and skip-worktree included) → blob and mode. */
  index: string;
  status: States;
  refs: States;
  stash: string;
  config: States;
  hooks: States;
  info: States;
  links: States;
  /** Python's compiled files in the linked folders. */
  bytecode: States;
  law: States;
}

export interface MainFinding extends Finding {
  /** `ask`: publishing needs a person; `refuse`: final. */
  severity: 'ask' | 'refuse';
}

export interface MainDigestOptions {
  /** Root-relative dependency folders that worktree and checkout link to; see `linkedFolders`. */
  links: readonly string[];
  signal?: AbortSignal | undefined;
}

/** Files over this size are told by size and times instead of content. */
const HASH_LIMIT = 8 * 1024 * 1024;

export async function digestMainCheckout(repository: Repository, options: MainDigestOptions): Promise<MainDigest> {
  const { root, gitDir } = repository;
  const run = { cwd: root, ...(options.signal ? { signal: options.signal } : {}) };
  const [branch, commit, index, status, refs, stash, config, hooks, info, links, law] = await Promise.all([
    tryGit(['symbolic-ref', '--quiet', 'HEAD'], run),
    tryGit(['rev-parse', '--verify', '--quiet', 'HEAD'], run),
    git(['ls-files', '--stage', '-v', '-z'], run),
    statusOf(root, run.signal),
    refsOf(run),
    readFile(join(gitDir, 'logs', 'refs', 'stash'), 'utf8').catch(() => ''),
    filesIn(gitDir, (name) => name.startsWith('config') && !name.endsWith('.lock')),
    filesBelow(join(gitDir, 'hooks')),
    filesBelow(join(gitDir, 'info')),
    linksOf(root, options.links),
    lawOf(root),
  ]);
  return {
    head: `${branch.stdout.trim()} ${commit.stdout.trim()}`.trim(),
    index: hash(index),
    status,
    refs,
    stash: hash(stash),
    config,
    hooks,
    info,
    links: links.parts,
    bytecode: links.bytecode,
    law,
  };
}

/** Every difference, each once. An empty list: untouched. */
export function compareDigests(before: MainDigest, after: MainDigest): MainFinding[] {
  const findings: MainFinding[] = [];
  const ask = (code: string, message: string, file?: string) =>
    findings.push({
      severity: 'ask',
      code: `guardrails.main_${code}`,
      message,
      next: ASK_NEXT,
      ...(file ? { file } : {}),
    });
  const refuse = (code: string, message: string, next: string, file?: string) =>
    findings.push({ severity: 'refuse', code: `guardrails.main_${code}`, message, next, ...(file ? { file } : {}) });

  if (before.head !== after.head)
    ask('head', `HEAD of the main checkout moved from "${before.head}" to "${after.head}".`);
  if (before.index !== after.index) ask('index', 'The index of the main checkout changed.');
  for (const path of differing(before.status, after.status))
    ask('status', `${path} in the main checkout changed during the attempt.`, path);
  for (const ref of differing(before.refs, after.refs))
    ask('refs', `The ref ${ref} changed from ${before.refs[ref] ?? 'nothing'} to ${after.refs[ref] ?? 'nothing'}.`);
  if (before.stash !== after.stash) ask('stash', 'The stash of the main checkout changed.');

  for (const name of differing(before.config, after.config))
    refuse(
      'config',
      `.git/${name} changed during the attempt.`,
      `Look at .git/${name} and undo what you did not do. ${REFUSED}`,
    );
  for (const name of differing(before.hooks, after.hooks))
    refuse(
      'hooks',
      `.git/hooks/${name} changed during the attempt.`,
      `Look at .git/hooks/${name} before you run git. ${REFUSED}`,
    );
  for (const name of differing(before.info, after.info))
    refuse(
      'info',
      `.git/info/${name} changed during the attempt.`,
      `Look at .git/info/${name} and undo what you did not do. ${REFUSED}`,
    );
  const exchanged = differing(before.bytecode, after.bytecode).filter((path) => path in before.bytecode);
  for (const path of [...differing(before.links, after.links), ...exchanged])
    refuse(
      'links',
      `${path}, a linked folder of the main checkout, changed during the attempt.`,
      `Install the dependencies in ${path.split('/')[0]} afresh. ${REFUSED}`,
      path,
    );
  for (const path of differing(before.law, after.law))
    refuse(
      'law',
      `${path} in the main checkout changed during the attempt.`,
      `Look at \`git diff ${[...(/[0-9a-f]{40,64}$/.exec(before.head) ?? []), '--', path].join(' ')}\`. ${REFUSED}`,
      path,
    );
  return findings;
}

const ASK_NEXT =
  'If a person did this, nothing is to be done but to say so at publishing; the agent must not work there.';
const REFUSED = 'Then a person starts the fix again; this run is handed over, and no setting lifts that.';

function differing(before: States, after: States): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

/** Paths that are not clean → letters and content. Also what an index flag hides from `git status`. */
async function statusOf(root: string, signal: AbortSignal | undefined): Promise<States> {
  const run = { cwd: root, ...(signal ? { signal } : {}) };
  const [status, flags] = await Promise.all([
    git(['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignore-submodules=none'], run),
    git(['ls-files', '-v', '-z'], run),
  ]);
  const states: States = {};
  const note = async (path: string, letters: string) => {
    if (!isOurs(path)) states[path] = `${letters} ${await contentOf(join(root, path))}`;
  };
  for (const line of status.split('\0')) if (line !== '') await note(line.slice(3), line.slice(0, 2));
  for (const line of flags.split('\0')) if (/^[a-zS]/.test(line)) await note(line.slice(2), line.slice(0, 1));
  return states;
}

/** What the product itself writes into the user's checkout. */
function isOurs(path: string): boolean {
  return /^\.self-healing\/(state\.db[^/]*|\.gitignore|reports\/.*)$/.test(path);
}

async function refsOf(run: { cwd: string; signal?: AbortSignal }): Promise<States> {
  const listed = await git(['for-each-ref', '--format=%(refname) %(objectname) %(symref)'], run);
  const states: States = {};
  for (const line of listed.split('\n')) {
    const [name = '', ...value] = line.split(' ');
    if (name === '' || name === 'refs/stash') continue;
    if (name.startsWith('refs/remotes/') || name.startsWith('refs/heads/hotfix/auto-')) continue;
    states[name] = value.join(' ').trim();
  }
  return states;
}

async function lawOf(root: string): Promise<States> {
  const states: States = {};
  // The state database lies there too. Reading it here would, on closing the file, drop the locks that this process's own
  // connection holds, and the next writer would damage it (https://www.sqlite.org/howtocorrupt.html, 2.2).
  const isLaw = (name: string) => /\.ya?ml$/i.test(name);
  const found = await filesBelow(join(root, '.self-healing'), { enter: (name) => name !== 'reports', read: isLaw });
  for (const [path, state] of Object.entries(found)) states[`.self-healing/${path}`] = state;
  return states;
}

async function linksOf(root: string, links: readonly string[]): Promise<{ parts: States; bytecode: States }> {
  const states = { parts: {} as States, bytecode: {} as States };
  for (const link of links) {
    const { parts, bytecode } = await digestFolder(join(root, link));
    for (const [path, state] of parts) states.parts[`${link}${path}`] = state;
    for (const [path, state] of bytecode) states.bytecode[`${link}${path}`] = state;
  }
  return states;
}

async function filesIn(folder: string, wanted: (name: string) => boolean): Promise<States> {
  const names = await readdir(folder).catch(() => []);
  const states: States = {};
  for (const name of names.filter(wanted)) states[name] = await contentOf(join(folder, name));
  return states;
}

async function filesBelow(
  folder: string,
  { enter = () => true, read = () => true }: Partial<Record<'enter' | 'read', (name: string) => boolean>> = {},
): Promise<States> {
  const states: States = {};
  const walk = async (at: string): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (enter(entry.name)) await walk(path);
      } else if (read(entry.name)) states[relative(folder, path)] = await contentOf(path);
    }
  };
  await walk(folder);
  return states;
}

async function contentOf(path: string): Promise<string> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return 'gone';
  const mode = (found.mode & 0o7777).toString(8);
  if (found.isSymbolicLink()) return `link ${await readlink(path)}`;
  if (!found.isFile()) return `${mode} no file`;
  if (found.size > HASH_LIMIT) return `${mode} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
  return `${mode} ${hash(await readFile(path))}`;
}

function hash(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
