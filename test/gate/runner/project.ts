/** Small real projects in temporary folders, with the real runners in reach. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type CheckRequest, runCheck } from '../../../gate/runner/run-command.ts';
import { write } from '../../write.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** Writes the files into a new folder; `modules` is linked as its node_modules. */
export function project(files: Record<string, string>, modules?: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'runner-project-')));
  made.push(folder);
  write(folder, files);
  if (modules !== undefined) symlinkSync(modules, join(folder, 'node_modules'));
  return folder;
}

/** node_modules with jest, mocha, ava and tape; installs them when they are missing. */
export function installedRunners(): string {
  const script = join(import.meta.dirname, 'install-runners.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return join(import.meta.dirname, 'runners', 'node_modules');
}

/** node_modules of this project, which hold vitest. */
export const ownModules = join(import.meta.dirname, '..', '..', '..', 'node_modules');

export function run(folder: string, command: string, extra: Partial<CheckRequest> = {}) {
  return runCheck({
    checkout: { path: folder },
    tree: '0'.repeat(40),
    at: 'fix',
    command,
    kind: 'test',
    author: 'people',
    timeoutMs: 60_000,
    env: {},
    redactIps: true,
    ...extra,
  });
}
