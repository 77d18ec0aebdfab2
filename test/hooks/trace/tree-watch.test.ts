import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { snapshot } from '../../../gate/tree.ts';
import { openWorkspace } from '../../../gate/workspace.ts';
import { TreeWatch } from '../../../hooks/trace/tree-watch.ts';
import { freshFolder, run, sampleRepository } from '../../healer/sample-repository.ts';
import { write } from '../../write.ts';

/** Far more than a look takes on a busy machine. */
const PATIENCE_MS = 60_000;

afterEach(() => {
  vi.unstubAllEnvs();
});

async function watched() {
  const sample = await sampleRepository({ 'src/a.js': 'one\n', 'b.js': 'b\n', '.gitignore': 'ignored\n' });
  const worktree = freshFolder('work tree');
  run(sample.root, 'worktree', 'add', '--quiet', '--detach', worktree, 'HEAD');
  const options = {
    workspace: await openWorkspace(sample.repository),
    folder: worktree,
    base: sample.base,
    linked: ['node_modules'],
  };
  const temporary = freshFolder('temporary');
  vi.stubEnv('TMPDIR', temporary);
  const watch = new TreeWatch(options);
  onTestFinished(() => watch.close());
  return { ...sample, worktree, temporary, watch, take: () => snapshot(options) };
}

/** Puts a git in front of the real one: it writes down what it is asked for, then runs the lines. */
function listenToGit(lines = ''): () => string[] {
  const folder = freshFolder('bin');
  const log = join(folder, 'log');
  const real = execFileSync('/bin/sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFileSync(join(folder, 'git'), `#!/bin/sh\necho "$*" >> '${log}'\n${lines}\nexec '${real}' "$@"\n`);
  chmodSync(join(folder, 'git'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  return () =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .split('\n')
          .filter((line) => line.includes(' add --all '))
      : [];
}

it("gives the tree that a snapshot gives, after each change and back again, and adds nothing to the user's repository", async () => {
  const { watch, worktree, root, take, temporary } = await watched();
  const first = await watch.current(PATIENCE_MS);
  const objects = execFileSync('find', [join(root, '.git')], { encoding: 'utf8' });
  write(worktree, { 'src/a.js': 'two\n', 'new.js': 'n\n', ignored: 'x\n', 'node_modules/x/index.js': 'x\n' });
  rmSync(join(worktree, 'b.js'));
  watch.touch();
  const second = await watch.current(PATIENCE_MS);
  expect(execFileSync('find', [join(root, '.git')], { encoding: 'utf8' })).toBe(objects);
  expect(second).toBe(await take());
  expect(second).not.toBe(first);
  write(worktree, { 'src/a.js': 'one\n', 'b.js': 'b\n' });
  rmSync(join(worktree, 'new.js'));
  watch.touch();
  expect(await watch.current(PATIENCE_MS)).toBe(first);
  expect(first).toBe(await take());
  expect(readdirSync(temporary)).toHaveLength(1);
  await watch.close();
  expect(readdirSync(temporary)).toEqual([]);
  expect(await watch.current(PATIENCE_MS)).toBeNull();
});

it('looks once for as many touches as come during a look, and not at all without one', async () => {
  const { watch, worktree, take } = await watched();
  const looks = listenToGit();
  await watch.current(PATIENCE_MS);
  expect(looks()).toHaveLength(1);
  for (let count = 0; count < 50; count++) {
    write(worktree, { 'src/a.js': `${count}\n` });
    watch.touch();
  }
  const asked = await Promise.all([watch.current(PATIENCE_MS), watch.current(PATIENCE_MS), watch.current(PATIENCE_MS)]);
  expect(looks()).toHaveLength(3);
  expect(await watch.current(0)).toBe(asked[0]);
  expect(new Set(asked)).toEqual(new Set([await take()]));
});

it('answers null in time while git takes long, and ends it when it is closed', async () => {
  const { watch, temporary } = await watched();
  const pids = join(freshFolder(), 'pids');
  const looks = listenToGit(`case "$*" in *" add --all "*) echo $$ >> '${pids}'; exec sleep 600;; esac`);
  expect(await watch.current(0)).toBeNull();
  await vi.waitFor(() => expect(existsSync(pids)).toBe(true), { timeout: PATIENCE_MS, interval: 20 });
  expect(await watch.current(10)).toBeNull();
  await watch.close();
  expect(looks()).toHaveLength(1);
  const pid = Number(readFileSync(pids, 'utf8'));
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: PATIENCE_MS, interval: 20 });
  expect(readdirSync(temporary)).toEqual([]);
}, 200_000);

it('answers null for a folder that git cannot read, and looks anew when it was changed', async () => {
  const { watch, worktree, take, temporary } = await watched();
  const first = await watch.current(PATIENCE_MS);
  mkdirSync(join(worktree, 'inner'));
  run(join(worktree, 'inner'), 'init', '--quiet', '-b', 'main');
  write(worktree, { 'inner/a.js': 'x\n' });
  watch.touch();
  expect(await watch.current(PATIENCE_MS)).toBeNull();
  expect(readdirSync(temporary)).toEqual([]);
  rmSync(join(worktree, 'inner'), { recursive: true });
  watch.touch();
  expect(await watch.current(PATIENCE_MS)).toBe(first);
  expect(first).toBe(await take());
});
