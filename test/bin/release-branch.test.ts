import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

function project() {
  const root = mkdtempSync(join(tmpdir(), 'release-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const run = async (program: string, args: string[]) =>
    (await promisify(execFile)(program, args, { cwd: root })).stdout.trim();
  const git = (...args: string[]) => run('git', ['-c', 'user.name=M', '-c', 'user.email=m@example.invalid', ...args]);
  const commit = async (version: string) => {
    writeFileSync(join(root, 'package.json'), JSON.stringify({ version }));
    writeFileSync(join(root, 'plugin', 'plugin.json'), JSON.stringify({ version }));
    await git('add', '--all');
    await git('commit', '-q', '-m', version);
  };
  cpSync(join(ROOT, 'bin', 'release-branch.mjs'), join(root, 'bin', 'release-branch.mjs'));
  mkdirSync(join(root, 'plugin'));
  return { root, git, commit, release: () => run(process.execPath, ['bin/release-branch.mjs']) };
}

it('puts the committed plugin/ on release, one commit on top of the other, and only when it changed', async () => {
  const { root, git, commit, release } = project();
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.name', 'M');
  await git('config', 'user.email', 'm@example.invalid');
  await commit('1.0.0');
  expect(await release()).toMatch(/^release is [0-9a-f]{12}: 1\.0\.0\. Publish it with: git push origin release$/);
  expect(await git('rev-parse', 'release^{tree}')).toBe(await git('rev-parse', 'main:plugin'));
  const first = await git('rev-parse', 'release');
  expect(await release()).toContain('already holds this plugin/');
  await commit('1.1.0');
  await release();
  expect(await git('rev-list', 'release')).toBe(`${await git('rev-parse', 'release')}\n${first}`);
  expect(await git('show', 'release:plugin.json')).toContain('1.1.0');
  expect(await git('status', '--porcelain', '--branch')).toBe('## main');
  writeFileSync(join(root, 'plugin', 'plugin.json'), 'not committed');
  await expect(release()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('not committed') });
});
