/** Real git repositories in a temporary folder that goes away with the test file. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openRepository, type Repository } from '../../context/repository.ts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from '../../healer/workbench.ts';
import { write } from '../write.ts';

const PERSON = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'self-healing-healer-')));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
let made = 0;

/** A fresh folder below the test's own. */
export function freshFolder(name = 'folder'): string {
  const path = join(folder, `${++made}`, name);
  mkdirSync(path, { recursive: true });
  return path;
}

export function run(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...PERSON },
    stdio: 'pipe',
  }).trimEnd();
}

export function commit(root: string, files: Record<string, string>, message = 'change'): string {
  write(root, files);
  run(root, 'add', '--all');
  run(root, 'commit', '--quiet', '--allow-empty', '-m', message);
  return run(root, 'rev-parse', 'HEAD');
}

export interface Sample {
  repository: Repository;
  root: string;
  /** The first commit. */
  base: string;
}

/** A repository on `main` with one commit, and a product home of its own. */
export async function sampleRepository(files: Record<string, string>, name = 'répo sitory'): Promise<Sample> {
  const root = freshFolder(name);
  run(root, 'init', '--quiet', '-b', 'main');
  run(root, 'config', 'user.name', 'Ada');
  run(root, 'config', 'user.email', 'ada@example.com');
  const base = commit(root, files, 'first');
  return { repository: await openWithHome(root), root, base };
}

export async function openWithHome(root: string): Promise<Repository> {
  return { ...(await openRepository(root)), home: freshFolder('home') };
}

/** A bare remote named `origin` that holds what the sample has. */
export function addRemote(root: string, name = 'origin'): string {
  const remote = freshFolder('remote.git');
  run(remote, 'init', '--quiet', '--bare', '-b', 'main');
  run(root, 'remote', 'add', name, remote);
  run(root, 'push', '--quiet', name, 'main');
  return remote;
}

const benches: Workbench[] = [];
afterAll(async () => {
  for (const bench of benches) await bench.close();
});

/** A workbench on a repository, in the place of one process. Every call with the same root is another process. */
export async function benchOn(repository: Repository, options: WorkbenchOptions = {}): Promise<Workbench> {
  const before = process.env.SELF_HEALING_HOME;
  process.env.SELF_HEALING_HOME = repository.home;
  const bench = await openWorkbench(repository.root, { env: {}, ...options }).finally(() => {
    if (before === undefined) delete process.env.SELF_HEALING_HOME;
    else process.env.SELF_HEALING_HOME = before;
  });
  benches.push(bench);
  return bench;
}

export async function sampleBench(files: Record<string, string>, options: WorkbenchOptions = {}) {
  const sample = await sampleRepository(files);
  return { ...sample, bench: await benchOn(sample.repository, options) };
}
