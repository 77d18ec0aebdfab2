/** The `demo`: the product at work on a user's machine. */
import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT, clientEnvironment } from './run-client.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'self-healing');

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'demo-test-')));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

function run(args: string[], cwd = folder): Promise<{ exit: number; stdout: string; stderr: string }> {
  const { ANTHROPIC_BASE_URL: _url, ANTHROPIC_API_KEY: _key, ...base } = clientEnvironment(join(folder, 'home'), '');
  const env = { ...base, PATH: `${dirname(CLIENT)}${delimiter}${base.PATH}`, TMPDIR: folder };
  return new Promise((resolve) => {
    execFile(PROGRAM, args, { cwd, env, timeout: 150_000 }, (error, stdout, stderr) =>
      resolve({ exit: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

function git(cwd: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('git', args, { cwd }, (error, stdout) => (error ? reject(error) : resolve(stdout.trim())));
  });
}

describe('demo', () => {
  it('heals a real error with the real client, says that the model is a script, and ends with the proof', async () => {
    const { exit, stdout, stderr } = await run(['demo']);
    expect(stderr).toBe('');
    expect(exit).toBe(0);
    expect(stdout).toContain('The part of the model is played by a script on this machine');
    expect(stdout).toContain("TypeError: Cannot read properties of undefined (reading 'tenantId')");
    expect(stdout).toMatch(/red {3}.*on the base with the new tests: 0 passed, 1 failed/);
    expect(stdout).toMatch(/green .*on the fix: 1 passed, 0 failed/);
    const root = /Its repository: (.*)/.exec(stdout)?.[1] ?? '';
    const branch = /git show (hotfix\/auto-[0-9a-f]{16})/.exec(stdout)?.[1] ?? '';
    expect(await git(root, 'rev-list', '--count', `main..${branch}`)).toBe('1');
    expect(await git(root, 'show', '--stat', '--format=%B', branch)).toContain('src/tenant-context.js');
    expect(await git(root, 'status', '--porcelain')).toBe('?? .self-healing/reports/');
  });
});
