import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { snapshot, treeOf } from '../../../gate/tree.ts';
import { openWorkspace } from '../../../gate/workspace.ts';
import {
  hideWorktrees,
  isRegistered,
  openWorktree,
  removeWorktree,
  worktreePath,
} from '../../../healer/worktrees/worktree.ts';
import { write } from '../../write.ts';
import { commit, freshFolder, run, type Sample, sampleRepository } from '../sample-repository.ts';

const fingerprint = '1a2b3c4d5e6f7890';
const now = new Date('2026-11-20T10:00:00Z');
const linked = ['node_modules'];

function request(sample: Sample, more: { round?: number; base?: string } = {}) {
  const { round = 1, base = sample.base } = more;
  const incident = `INC-${fingerprint}`;
  return { incident, fingerprint, round, base, baseBranch: 'main', root: '.worktrees', linked, now };
}

test('is detached at the base, byte for byte, and invisible in the main checkout', async () => {
  const sample = await sampleRepository({
    'a.txt': 'one\n',
    'naïve dir/ü.txt': 'two\n',
    'win.bat': 'three\n',
    'big.bin': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
    '.gitattributes': '*.bat text eol=crlf\n*.bin filter=lfs\n*.txt filter=shout\n',
  });
  const { repository, root, base } = sample;
  run(root, 'config', 'filter.shout.smudge', 'tr a-z A-Z');
  run(root, 'config', 'filter.lfs.smudge', 'exit 1');
  run(root, 'config', 'filter.lfs.required', 'true');
  run(root, 'config', 'filter.lfs.clean', 'cat');
  write(join(root, '.git/hooks'), { 'post-checkout': '#!/bin/sh\ntouch hook-ran\n' });
  run(root, 'config', 'core.hooksPath', join(root, '.git/hooks'));
  const dirty = 'dirty\n';
  write(root, { 'a.txt': dirty });
  const before = run(root, 'status', '--porcelain');

  await hideWorktrees(repository, '.worktrees');
  await hideWorktrees(repository, '.worktrees');
  const { path, reopened } = await openWorktree(repository, request(sample));

  expect(reopened).toBe(false);
  expect(path).toBe(join(root, '.worktrees/hotfix', `auto-${fingerprint}`));
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('one\n');
  expect(run(path, 'rev-parse', 'HEAD')).toBe(base);
  expect(run(path, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('HEAD');
  const workspace = await openWorkspace(repository);
  expect(await snapshot({ workspace, folder: path, base, linked })).toBe(await treeOf(workspace, base));
  expect(existsSync(join(path, 'hook-ran'))).toBe(false);
  expect(run(root, 'status', '--porcelain')).toBe(before);
  expect(readFileSync(join(root, '.git/info/exclude'), 'utf8').match(/worktrees/g)).toHaveLength(1);
  expect(run(root, 'for-each-ref', 'refs/heads')).not.toContain('hotfix');
});

test('is re-opened with its changes for the same round and base, and made anew otherwise, the diff saved', async () => {
  const sample = await sampleRepository({ 'a.txt': 'one\n' });
  const { repository, root } = sample;
  const { path } = await openWorktree(repository, request(sample));
  write(path, { 'a.txt': 'changed\n', 'new/b.bin': 'x\0y' });
  expect(await openWorktree(repository, request(sample))).toEqual({ path, reopened: true, warnings: [] });
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('changed\n');

  const base = commit(root, { 'c.txt': 'more\n' });
  const again = await openWorktree(repository, request(sample, { base }));
  expect(again).toMatchObject({ path, reopened: false });
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('one\n');
  const patch = again.warnings.join().match(/saved to (.*\.patch)\./)?.[1] ?? '';
  expect(patch).toContain(`INC-${fingerprint}-1-2026-11-20T10`);
  run(path, 'apply', patch);
  expect(readFileSync(join(path, 'new/b.bin'), 'utf8')).toBe('x\0y');

  expect((await openWorktree(repository, request(sample, { base, round: 2 }))).reopened).toBe(false);
});

test('is not left behind when worktree.root names another folder', async () => {
  const sample = await sampleRepository({ 'a.txt': 'one\n' });
  const { path } = await openWorktree(sample.repository, request(sample));
  write(path, { 'a.txt': 'changed\n' });
  const moved = await openWorktree(sample.repository, { ...request(sample), root: 'elsewhere/trees' });
  expect(moved.path).toContain('elsewhere');
  expect(moved.warnings.join()).toContain('saved to');
  expect(existsSync(path)).toBe(false);
});

test('removing saves the diff first, follows no link, and leaves nothing behind in git', async () => {
  const sample = await sampleRepository({ 'a.txt': 'one\n', '.gitignore': 'node_modules\n' });
  const { repository, root } = sample;
  write(root, { 'node_modules/dep/index.js': 'dep' });
  const { path } = await openWorktree(repository, request(sample));
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'));
  write(path, { 'a.txt': 'two\n' });
  const saved = await removeWorktree(repository, `INC-${fingerprint}`, linked, now);
  expect(readFileSync(saved ?? '', 'utf8')).toContain('+two');
  expect(existsSync(path)).toBe(false);
  expect(existsSync(join(root, 'node_modules/dep/index.js'))).toBe(true);
  expect(run(root, 'worktree', 'list').split('\n')).toHaveLength(1);
  expect(await removeWorktree(repository, `INC-${fingerprint}`, linked, now)).toBeUndefined();
});

test('a foreign folder in its place is kept under another name, a deleted worktree is made again', async () => {
  const sample = await sampleRepository({ 'a.txt': 'one\n' });
  const place = worktreePath(sample.repository, '.worktrees', fingerprint);
  write(place, { 'mine.txt': 'a person wrote this' });
  const { warnings } = await openWorktree(sample.repository, request(sample));
  const aside = warnings.join().match(/moved to (.*)\.$/)?.[1] ?? '';
  expect(readFileSync(join(aside, 'mine.txt'), 'utf8')).toBe('a person wrote this');

  run(sample.root, 'worktree', 'remove', '--force', place);
  expect((await openWorktree(sample.repository, request(sample))).reopened).toBe(false);
  expect(existsSync(join(place, 'a.txt'))).toBe(true);
});

test.each(['..', '../out', '.', '.git/wt', '.self-healing/wt', freshFolder('elsewhere')])(
  'refuses the root %s',
  async (root) => {
    const { repository } = await sampleRepository({ 'a.txt': 'one\n' });
    expect(() => worktreePath(repository, root, fingerprint)).toThrow(/worktree\.root/);
  },
);

test('works from a repository whose path holds spaces, quotes and brackets', async () => {
  const sample = await sampleRepository({ 'a.txt': 'one\n' }, `it's "ödd" $(x) [1]`);
  mkdirSync(join(sample.root, 'sub'));
  const { path } = await openWorktree(sample.repository, request(sample));
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('one\n');
});

test('is none any more where its .git is gone or leads into the main checkout', async () => {
  const sample = await sampleRepository({ 'a.txt': 'one\n' });
  const { path } = await openWorktree(sample.repository, request(sample));
  expect(await isRegistered(sample.repository, path)).toBe(true);
  const link = join(path, '.git');
  const own = readFileSync(link, 'utf8');
  rmSync(link);
  expect(await isRegistered(sample.repository, path)).toBe(false);
  writeFileSync(link, `gitdir: ${join(sample.root, '.git')}\n`);
  expect(await isRegistered(sample.repository, path)).toBe(false);
  writeFileSync(link, own);
  expect(await isRegistered(sample.repository, path)).toBe(true);
});
