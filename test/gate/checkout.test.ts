import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { type Checkout, openCheckout } from '../../gate/checkout.ts';
import { commit, freshFolder, run, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

const LINK = { setup: '', link: ['node_modules', '.venv', 'venv'], copy: [] as string[] };
const open: Checkout[] = [];
afterEach(async () => {
  for (const checkout of open.splice(0)) await checkout.close();
});

async function prepared(first: Record<string, string>, second: Record<string, string> = {}, config = LINK) {
  const sample = await sampleRepository({ '.gitignore': 'node_modules\n.venv\n', ...first });
  const next = commit(sample.root, second, 'second');
  const tree = (commitId: string) => run(sample.root, 'rev-parse', `${commitId}^{tree}`);
  const opening = async () => {
    const checkout = await openCheckout({ repository: sample.repository, base: sample.base, config, waitMs: 300 });
    open.push(checkout);
    return checkout;
  };
  return { ...sample, b: tree(sample.base), f: tree(next), opening };
}

const read = (checkout: Checkout, path: string) => readFileSync(join(checkout.path, path), 'utf8');

it('puts exactly the asked tree at one constant path outside the worktree', async () => {
  const { opening, b, f, root } = await prepared({ 'src/a.js': 'old' }, { 'src/a.js': 'new', 'ü b.js': 'n' });
  const checkout = await opening();
  await checkout.use(f);
  expect([read(checkout, 'src/a.js'), read(checkout, 'ü b.js')]).toEqual(['new', 'n']);
  await checkout.use(b);
  expect(read(checkout, 'src/a.js')).toBe('old');
  expect(existsSync(join(checkout.path, 'ü b.js'))).toBe(false);
  expect(checkout.path.startsWith(root)).toBe(false);
  await checkout.close();
  expect((await opening()).path).toBe(checkout.path);
});

it('removes and repairs what a run left behind', async () => {
  const { opening, b, f } = await prepared(
    { 'src/a.js': 'aaa', 'src/deep/b.js': 'bbb', 'c.js': 'ccc' },
    { 'd.js': 'd' },
  );
  const checkout = await opening();
  const at = (path: string) => join(checkout.path, path);
  await checkout.use(b);
  const before = statSync(at('src/a.js'));
  write(checkout.path, { 'coverage/x.html': 'x', 'locked/inner/y': 'y', 'node_modules.txt': 'n' });
  chmodSync(at('locked/inner'), 0o000);
  chmodSync(at('src/deep'), 0o555);
  writeFileSync(at('src/a.js'), 'evl'); // same size, same time
  utimesSync(at('src/a.js'), before.atime, before.mtime);
  rmSync(at('c.js'));
  mkdirSync(at('c.js'));
  await checkout.use(f);
  expect(readdirSync(checkout.path).sort()).toEqual(['.gitignore', 'c.js', 'd.js', 'src']);
  expect([read(checkout, 'src/a.js'), read(checkout, 'c.js')]).toEqual(['aaa', 'ccc']);
});

it('is not led astray by a folder that became a link to its own moved files', async () => {
  const { opening, b } = await prepared({ 'src/a.js': 'aaa' });
  const checkout = await opening();
  await checkout.use(b);
  const elsewhere = join(freshFolder(), 'src');
  renameSync(join(checkout.path, 'src'), elsewhere);
  symlinkSync(elsewhere, join(checkout.path, 'src'));
  await checkout.use(b);
  expect(lstatSync(join(checkout.path, 'src')).isDirectory()).toBe(true);
  writeFileSync(join(elsewhere, 'a.js'), 'evil');
  expect(read(checkout, 'src/a.js')).toBe('aaa');
});

it('takes no object for what it is not', async () => {
  const { opening, b, root } = await prepared({ 'test/a.test.js': 'expect(1).toBe(2);\n', 'src/a.js': 'a\n' });
  const forge = (path: string, bytes: string) => {
    const id = run(root, 'rev-parse', `${b}:${path}`);
    const file = join(root, '.git/objects', id.slice(0, 2), id.slice(2));
    chmodSync(file, 0o644);
    writeFileSync(file, deflateSync(`blob ${bytes.length}\0${bytes}`));
  };
  forge('test/a.test.js', 'expect(1).toBe(1);\n');
  expect(run(root, 'cat-file', 'blob', `${b}:test/a.test.js`)).toBe('expect(1).toBe(1);');
  await expect(opening()).rejects.toThrow(/does not hold what its id says/);
});

it('knows genuine objects from files that are written with other line ends', async () => {
  const { opening, b } = await prepared({ 'a.txt': 'one\ntwo\n', '.gitattributes': '*.txt text eol=crlf\n' });
  const checkout = await opening();
  await checkout.use(b);
  expect(read(checkout, 'a.txt')).toBe('one\r\ntwo\r\n');
});

it('starts from nothing that an earlier process left', async () => {
  const { opening, b, root } = await prepared({ 'src/a.js': 'aaa' });
  mkdirSync(join(root, 'node_modules/dep'), { recursive: true });
  const first = await opening();
  await first.close();
  writeFileSync(join(first.path, 'src/a.js'), 'bbb');
  rmSync(join(first.path, 'node_modules/dep'));
  mkdirSync(join(first.path, 'node_modules/dep'));
  const second = await opening();
  await second.use(b);
  expect(read(second, 'src/a.js')).toBe('aaa');
  expect(readlinkSync(join(second.path, 'node_modules/dep'))).toBe(join(root, 'node_modules/dep'));
});

it('breaks a file so that nothing can load it, and repairs it with the next tree', async () => {
  const { opening, b } = await prepared({ 'a.js': 'export const a = 1;\n' });
  const checkout = await opening();
  await checkout.use(b);
  expect(await checkout.breakFile('none.js')).toBe(false);
  expect(await checkout.breakFile('a.js')).toBe(true);
  await expect(import(join(checkout.path, 'a.js'))).rejects.toThrow();
  await checkout.use(b);
  expect(read(checkout, 'a.js')).toBe('export const a = 1;\n');
});

it('puts back dependency links that code under test replaced', async () => {
  const { opening, b, root } = await prepared({ 'a.js': 'a' });
  write(root, { 'node_modules/dep/index.js': 'd', 'node_modules/@s/x/index.js': 'x' });
  mkdirSync(join(root, '.venv/bin'), { recursive: true });
  const checkout = await opening();
  const dep = join(checkout.path, 'node_modules/dep');
  rmSync(dep);
  write(checkout.path, { 'node_modules/dep/index.js': 'evil', 'node_modules/extra/index.js': 'evil' });
  await checkout.use(b);
  expect(readlinkSync(dep)).toBe(join(root, 'node_modules/dep'));
  expect(readdirSync(join(checkout.path, 'node_modules')).sort()).toEqual(['@s', 'dep']);
  expect(readlinkSync(join(checkout.path, '.venv'))).toBe(join(root, '.venv'));
  expect(readFileSync(join(root, 'node_modules/dep/index.js'), 'utf8')).toBe('d');
});

it('runs a setup command once for a set of lock files and keeps what it installed', async () => {
  const config = {
    ...LINK,
    setup: 'mkdir -p node_modules/dep && echo ran >> node_modules/dep/log && echo junk > junk',
  };
  const { opening, b, f } = await prepared({ 'a.js': 'a' }, { 'b.js': 'b' }, config);
  const first = await opening();
  await first.use(f);
  await first.close();
  const second = await opening();
  await second.use(b);
  expect(read(second, 'node_modules/dep/log')).toBe('ran\n');
  expect(readdirSync(second.path).sort()).toEqual(['.gitignore', 'a.js', 'node_modules']);
});

it('says what a failing setup command said', async () => {
  const { opening } = await prepared({ 'a.js': 'a' }, {}, { ...LINK, setup: 'echo no such lock file; exit 3' });
  await expect(opening()).rejects.toThrow(/exit code 3:\nno such lock file/);
});

it('has one user at a time, and takes over from a process that is gone', async () => {
  const { opening } = await prepared({ 'a.js': 'a' });
  const first = await opening();
  await expect(opening()).rejects.toThrow(new RegExp(`process ${process.pid}`));
  await first.close();
  const dead = spawn('true');
  await new Promise((done) => dead.once('exit', done));
  const lock = join(dirname(first.path), 'lock');
  writeFileSync(lock, JSON.stringify({ pid: dead.pid, started: '1', token: 'x' }));
  const second = await opening();
  await second.close();
  writeFileSync(lock, 'half a hol');
  await opening();
});

it('leaves what is installed in the main checkout alone when a tree, or a run, links a folder to it', async () => {
  const workspace = { 'package.json': '{}', 'packages/p/package.json': '{}', 'packages/p/index.js': 'p' };
  const { opening, b, root } = await prepared(workspace);
  write(root, { 'packages/p/node_modules/dep/index.js': 'installed' });
  const link = (folder: string) => {
    rmSync(join(folder, 'packages'), { recursive: true });
    symlinkSync(join(root, 'packages'), join(folder, 'packages'));
  };
  const linked = freshFolder('linked');
  run(root, 'worktree', 'add', '--quiet', '--detach', join(linked, 'tree'));
  link(join(linked, 'tree'));
  const f = run(root, 'rev-parse', `${commit(join(linked, 'tree'), {}, 'linked')}^{tree}`);

  const checkout = await opening();
  const dep = 'packages/p/node_modules/dep';
  await checkout.use(f);
  expect(lstatSync(join(checkout.path, 'packages')).isSymbolicLink()).toBe(true);
  await checkout.use(b);
  expect(readlinkSync(join(checkout.path, dep))).toBe(join(root, dep));
  link(checkout.path);
  await checkout.use(b);
  expect(readlinkSync(join(checkout.path, dep))).toBe(join(root, dep));
  expect(lstatSync(join(root, dep)).isDirectory()).toBe(true);
  expect(readFileSync(join(root, dep, 'index.js'), 'utf8')).toBe('installed');
});
