/** Real repositories for the tests of `context/`, in temporary folders that are gone when the test file is done. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { gitEnvironment } from '../../context/git.ts';
import { write } from '../write.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(name = 'context'): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `self-healing ${name} ü-`)));
  made.push(folder);
  return folder;
}

/** Runs git without the machine's own configuration; answers stdout without its last line break. */
export function git(folder: string, ...args: string[]): string {
  const identity = [
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@example.invalid',
    '-c',
    'protocol.file.allow=always',
  ];
  const env = gitEnvironment({ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' });
  return execFileSync('git', [...identity, ...args], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' }).trimEnd();
}

/** Everything in the folder as one commit; answers its id. */
export function commitAll(folder: string, message = 'change'): string {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', message);
  return git(folder, 'rev-parse', 'HEAD');
}

export function repositoryWith(files: Record<string, string>): { folder: string; commit: string } {
  const folder = temporaryFolder();
  git(folder, 'init', '-q', '-b', 'main');
  write(folder, files);
  return { folder, commit: commitAll(folder, 'first') };
}
