/** What ships is what is in the sources: `npm run fresh` in a copy of the project, first in order, then with all that can go wrong. */
import { execFile } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);
const copy = mkdtempSync(join(tmpdir(), 'build-'));
const build = (...args: string[]) => run(process.execPath, ['bin/build.mjs', ...args], { cwd: copy });

beforeAll(async () => {
  const { stdout } = await run('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: ROOT });
  for (const path of stdout.split('\0'))
    if (path !== '' && !/^(test|bench|docs)\//.test(path) && existsSync(join(ROOT, path)))
      cpSync(join(ROOT, path), join(copy, path));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  await build();
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('npm run fresh', () => {
  it('is content with what was just built, which is as small as promised', async () => {
    const { stdout } = await build('--check');
    expect(stdout).toMatch(/^dist\/ and plugin\/ are fresh \(\d+ files, plugin\/ is [1-9]\.\d MB\)\.$/m);
  });

  it('names everything that is stale, too much, not executable, or said in two ways', async () => {
    appendFileSync(join(copy, 'commands', 'heal.md'), 'changed\n');
    appendFileSync(join(copy, 'plugin', 'agents', 'diagnostician.md'), 'edited by hand\n');
    appendFileSync(join(copy, 'dist', 'hook.cjs'), '//\n');
    writeFileSync(join(copy, 'plugin', 'package-lock.json'), '{}');
    chmodSync(join(copy, 'plugin', 'bin', 'launch'), 0o644);
    const manifest = join(copy, '.claude-plugin', 'plugin.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"version": "[^"]+"/, '"version": "9.9.9"'));
    const { version } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'));
    const { code, stderr } = await build('--check').then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    );
    expect(code).toBe(1);
    expect(stderr.trim().split('\n').sort()).toEqual([
      `.claude-plugin/plugin.json says version 9.9.9, package.json says ${version}`,
      'Run `npm run build` and commit the result.',
      'differs from a fresh build: dist/hook.cjs',
      'differs from a fresh build: plugin/.claude-plugin/plugin.json',
      'differs from a fresh build: plugin/agents/diagnostician.md',
      'differs from a fresh build: plugin/commands/heal.md',
      'is not executable: plugin/bin/launch',
      'is not part of the build: plugin/package-lock.json',
    ]);
  });
});
