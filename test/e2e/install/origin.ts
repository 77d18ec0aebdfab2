/** What the world can clone: the product's repository as it would be published, in a bare repository on this machine. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** Git on a user's machine is told to look for it in the bare repository. */
const URL = 'https://git.example.invalid/team/self-healing.git';
const MANIFESTS = ['package.json', '.claude-plugin/plugin.json', 'plugin/.claude-plugin/plugin.json'];

export interface Origin {
  url: string;
  /** The bare repository. */
  bare: string;
  /** A maintainer's checkout of `main`. */
  checkout: string;
  /** In the checkout. */
  git(...args: string[]): Promise<string>;
  /** Puts the version into every manifest, commits, and pushes `main` and `release`. */
  publish(version: string): Promise<void>;
  remove(): Promise<void>;
}

export async function createOrigin(version?: string): Promise<Origin> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'origin-')));
  const checkout = join(folder, 'checkout');
  const bare = join(folder, 'self-healing.git');
  const run = promisify(execFile);
  const git = async (...args: string[]) => (await run('git', args, { cwd: checkout })).stdout.trim();
  const tracked = (await run('git', ['ls-files', '-z'], { cwd: ROOT })).stdout
    .split('\0')
    .filter((path) => path !== '');
  // The tests themselves are 5 MB of fixtures that nobody's installation looks at.
  for (const path of tracked.filter((path) => !path.startsWith('test/'))) {
    await mkdir(dirname(join(checkout, path)), { recursive: true });
    await cp(join(ROOT, path), join(checkout, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error; // removed and not committed yet
    });
  }
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.name', 'Maintainer');
  await git('config', 'user.email', 'maintainer@example.invalid');
  await run('git', ['init', '-q', '--bare', '-b', 'main', bare]);
  await git('remote', 'add', 'origin', bare);

  const publish = async (next: string): Promise<void> => {
    for (const manifest of MANIFESTS) {
      const file = join(checkout, manifest);
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace(/"version": "[^"]+"/, `"version": "${next}"`));
    }
    await git('add', '--all');
    await git('commit', '-q', '--allow-empty', '-m', `Release ${next}`);
    await run(process.execPath, ['bin/release-branch.mjs'], { cwd: checkout });
    await git('push', '-q', 'origin', 'main', 'release');
  };
  const { version: current } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  await publish(version ?? current);
  return { url: URL, bare, checkout, git, publish, remove: () => rm(folder, { recursive: true, force: true }) };
}
