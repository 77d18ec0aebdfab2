import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { entriesOf, snapshot, treeOf } from '../../gate/tree.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { commit, freshFolder, run, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

const LINKED = ['node_modules', '.venv', 'venv'];

async function prepared(files: Record<string, string> = { 'src/a.js': 'one\n', 'package.json': '{}\n' }) {
  const sample = await sampleRepository(files);
  const worktree = freshFolder('work tree');
  run(sample.root, 'worktree', 'add', '--quiet', '--detach', worktree, 'HEAD');
  const workspace = await openWorkspace(sample.repository);
  const take = (base = sample.base) => snapshot({ workspace, folder: worktree, base, linked: LINKED });
  const paths = async (tree: string) => (await entriesOf(workspace, tree)).map((entry) => entry.path);
  const text = (tree: string, path: string) => run(sample.root, 'cat-file', 'blob', `${tree}:${path}`);
  return { ...sample, worktree, workspace, take, paths, text };
}

it('equals the base as long as nothing was written, and holds every added, changed and deleted file', async () => {
  const { take, worktree, workspace, base, paths, text } = await prepared();
  expect(await take()).toBe(await treeOf(workspace, base));
  write(worktree, { 'src/a.js': 'two\n', 'src/ünï côdé.js': 'x\n', 'src/new\nline "quoted".js': 'y\n' });
  rmSync(join(worktree, 'package.json'));
  const tree = await take();
  expect(await paths(tree)).toEqual(['src/a.js', 'src/new\nline "quoted".js', 'src/ünï côdé.js'].sort());
  expect(text(tree, 'src/a.js')).toBe('two');
});

it('sees what the user hides from git: info/exclude, a global ignore file, assume-unchanged, skip-worktree', async () => {
  const { take, worktree, root, paths, text } = await prepared({ 'a.js': 'one\n', 'b.js': 'one\n' });
  writeFileSync(join(root, '.git/info/exclude'), 'helper.js\n');
  const ignore = join(freshFolder(), 'ignore');
  writeFileSync(ignore, 'other.js\n');
  run(root, 'config', 'core.excludesFile', ignore);
  run(worktree, 'update-index', '--assume-unchanged', 'a.js');
  run(worktree, 'update-index', '--skip-worktree', 'b.js');
  write(worktree, { 'helper.js': 'h\n', 'other.js': 'o\n', 'a.js': 'two\n', 'b.js': 'two\n' });
  expect(run(worktree, 'status', '--porcelain')).toBe('');
  const tree = await take();
  expect(await paths(tree)).toEqual(['a.js', 'b.js', 'helper.js', 'other.js']);
  expect([text(tree, 'a.js'), text(tree, 'b.js')]).toEqual(['two', 'two']);
});

it("takes the bytes on disk whatever the user's autocrlf, filters and attributes would make of them", async () => {
  const { take, worktree, root, workspace, paths } = await prepared({
    'a.txt': 'one\n',
    '.gitattributes': '*.enc filter=secret\n',
  });
  const fired = join(freshFolder(), 'fired');
  run(root, 'config', 'core.autocrlf', 'input');
  run(root, 'config', 'filter.secret.clean', `touch '${fired}'; tr a-z A-Z`);
  run(root, 'config', 'core.fsmonitor', `touch '${fired}'`);
  writeFileSync(join(root, '.git/info/attributes'), '*.txt text filter=secret\n');
  write(worktree, { 'a.txt': 'one\r\n', 'b.enc': 'plain' });
  const tree = await take();
  expect(await paths(tree)).toEqual(['.gitattributes', 'a.txt', 'b.enc']);
  const bytes = (path: string) =>
    execFileSync('git', ['cat-file', 'blob', `${tree}:${path}`], { cwd: root, encoding: 'utf8' });
  expect([bytes('a.txt'), bytes('b.enc')]).toEqual(['one\r\n', 'plain']);
  expect(() => execFileSync('test', ['-e', fired])).toThrow();
  expect(workspace.objects).toBe(join(root, '.git/objects'));
});

it('is deaf to replace refs, hooks and GIT_* variables', async () => {
  const { take, worktree, root, base, workspace } = await prepared();
  const other = commit(freshClone(root), { 'src/a.js': 'replaced\n' });
  run(root, 'fetch', '--quiet', lastClone, other);
  run(root, 'replace', base, other);
  const fired = join(freshFolder(), 'fired');
  for (const hook of ['pre-commit', 'post-checkout', 'post-index-change', 'reference-transaction']) {
    const path = join(root, '.git/hooks', hook);
    mkdirSync(join(root, '.git/hooks'), { recursive: true });
    writeFileSync(path, `#!/bin/sh\ntouch '${fired}'\n`);
    chmodSync(path, 0o755);
  }
  process.env.GIT_INDEX_FILE = join(root, 'elsewhere');
  try {
    expect(await take()).toBe(run(root, '--no-replace-objects', 'rev-parse', `${base}^{tree}`));
    write(worktree, { 'src/b.js': 'b\n' });
    expect(await treeOf(workspace, base)).not.toBe(await take());
  } finally {
    delete process.env.GIT_INDEX_FILE;
  }
  expect(() => execFileSync('test', ['-e', fired])).toThrow();
});

let lastClone = '';
function freshClone(root: string): string {
  lastClone = freshFolder('clone');
  run(lastClone, 'clone', '--quiet', root, '.');
  run(lastClone, 'config', 'user.name', 'Eve');
  run(lastClone, 'config', 'user.email', 'eve@example.com');
  return lastClone;
}

it('leaves out what .gitignore inside the folder ignores, also when the fix itself wrote that line', async () => {
  const { take, worktree, paths } = await prepared({ 'a.js': 'one\n', '.gitignore': '*.log\n' });
  write(worktree, { 'x.log': 'x', 'helper.js': 'h\n', '.gitignore': '*.log\nhelper.js\n' });
  expect(await paths(await take())).toEqual(['.gitignore', 'a.js']);
});

it('never takes in linked dependency folders, and keeps those that the base tracks', async () => {
  const { take, worktree, root, paths } = await prepared({
    'a.js': 'one\n',
    'test/fixtures/node_modules/x/index.js': 'x\n',
  });
  const elsewhere = freshFolder('venv');
  symlinkSync(elsewhere, join(worktree, '.venv'));
  mkdirSync(join(worktree, 'packages/p/node_modules'), { recursive: true });
  symlinkSync(elsewhere, join(worktree, 'packages/p/node_modules/left-pad'));
  write(worktree, {
    'node_modules/dep/index.js': 'd',
    '.gitignore': '!node_modules\n!.venv\n',
    'test/fixtures/node_modules/x/index.js': 'changed\n',
    'test/fixtures/node_modules/y.js': 'new\n',
  });
  const tree = await take();
  expect(await paths(tree)).toEqual([
    '.gitignore',
    'a.js',
    'test/fixtures/node_modules/x/index.js',
    'test/fixtures/node_modules/y.js',
  ]);
  expect(run(root, 'cat-file', 'blob', `${tree}:test/fixtures/node_modules/x/index.js`)).toBe('changed');
});

it('names a nested repository without a commit, and records one with a commit as what it is', async () => {
  const { take, worktree, workspace } = await prepared();
  const nested = join(worktree, 'vendor/inner');
  write(nested, { 'x.js': 'x' });
  run(nested, 'init', '--quiet');
  await expect(take()).rejects.toThrow(/vendor\/inner is a git repository of its own/);
  run(nested, 'config', 'user.name', 'Eve');
  run(nested, 'config', 'user.email', 'eve@example.com');
  commit(nested, {});
  const entry = (await entriesOf(workspace, await take())).find(({ path }) => path === 'vendor/inner');
  expect(entry?.mode).toBe('160000');
});

it('keeps an unchanged submodule of the base', async () => {
  const inner = await sampleRepository({ 'x.js': 'x\n' });
  const { root, repository } = await sampleRepository({ 'a.js': 'a\n' });
  run(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'sub module');
  const base = commit(root, {});
  const worktree = freshFolder('worktree');
  run(root, 'worktree', 'add', '--quiet', '--detach', worktree, 'HEAD');
  const workspace = await openWorkspace(repository);
  const tree = await treeOf(workspace, base);
  expect(await snapshot({ workspace, folder: worktree, base, linked: LINKED })).toBe(tree);
  expect(await snapshot({ workspace, folder: root, base, linked: LINKED })).toBe(tree);
});

it('reads objects through alternates and in sha256 repositories', async () => {
  const origin = await sampleRepository({ 'a.js': 'a\n' });
  const borrowed = freshFolder('borrowed');
  run(borrowed, 'clone', '--quiet', '--shared', origin.root, '.');
  const { openWithHome } = await import('../healer/sample-repository.ts');
  const workspace = await openWorkspace(await openWithHome(borrowed));
  expect(await snapshot({ workspace, folder: borrowed, base: origin.base, linked: LINKED })).toBe(
    await treeOf(workspace, origin.base),
  );
  const long = freshFolder('long');
  run(long, 'init', '--quiet', '-b', 'main', '--object-format=sha256');
  run(long, 'config', 'user.name', 'Ada');
  run(long, 'config', 'user.email', 'ada@example.com');
  const base = commit(long, { 'a.js': 'a\n' });
  const sha256 = await openWorkspace(await openWithHome(long));
  expect(await snapshot({ workspace: sha256, folder: long, base, linked: LINKED })).toHaveLength(64);
});

it('throws away what somebody wrote into gate.git', async () => {
  const { workspace, repository, worktree, root, paths, take } = await prepared();
  writeFileSync(join(workspace.gitDir, 'config'), '[core]\nbare = true\nexcludesFile = /tmp/none\n');
  mkdirSync(join(workspace.gitDir, 'info'));
  writeFileSync(join(workspace.gitDir, 'info/exclude'), 'helper.js\n');
  write(worktree, { 'helper.js': 'h\n' });
  await openWorkspace(repository);
  expect(await paths(await take())).toContain('helper.js');
  expect(run(root, 'status', '--porcelain')).toBe('');
});

it('records a folder that became a link as a link, and follows no link out of the folder', async () => {
  const { take, worktree, workspace } = await prepared();
  const outside = freshFolder('outside');
  write(outside, { 'a.js': 'outside\n' });
  rmSync(join(worktree, 'src'), { recursive: true });
  symlinkSync(outside, join(worktree, 'src'));
  const entries = await entriesOf(workspace, await take());
  expect(entries.map(({ mode, path }) => `${mode} ${path}`)).toEqual(['100644 package.json', '120000 src']);
});
