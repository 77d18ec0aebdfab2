import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { activatedPath } from '../../gate/dependencies/activated-path.ts';
import { prepareDependencies } from '../../gate/dependencies.ts';
import { freshFolder, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

const config = { setup: '', link: ['node_modules', '.venv', 'venv'], copy: ['fixtures.json', 'certs'] };

async function prepared() {
  const { root } = await sampleRepository({
    '.gitignore': 'node_modules\n',
    'package.json': '{}',
    'packages/p/package.json': '{}',
    'packages/p/index.js': 'main',
  });
  const to = freshFolder('to');
  write(to, { 'packages/p/index.js': 'new' });
  return { root, to };
}

it('makes a real node_modules of links, with workspace packages leading into the new folder', async () => {
  const { root, to } = await prepared();
  write(root, {
    'node_modules/dep/index.js': 'd',
    'node_modules/@scope/other/index.js': 'o',
    'node_modules/.pnpm/dep@1/x': 'x',
    'node_modules/.cache/x': 'x',
    'node_modules/tool/cli.js': 't',
    'packages/p/node_modules/nested/index.js': 'n',
    'fixtures.json': '1',
    'certs/a.pem': 'a',
  });
  symlinkSync('../../packages/p', join(root, 'node_modules/@scope/p'));
  mkdirSync(join(root, 'node_modules/.bin'));
  symlinkSync('../tool/cli.js', join(root, 'node_modules/.bin/tool'));
  symlinkSync('../@scope/p/index.js', join(root, 'node_modules/.bin/p'));
  const dependencies = await prepareDependencies({ from: root, to, config });
  const at = (path: string) => join(to, 'node_modules', path);
  expect(lstatSync(at('')).isDirectory()).toBe(true);
  expect(readlinkSync(at('dep'))).toBe(join(root, 'node_modules/dep'));
  expect(realpathSync(at('@scope/other'))).toBe(join(root, 'node_modules/@scope/other'));
  expect(readFileSync(join(at('@scope/p'), 'index.js'), 'utf8')).toBe('new');
  expect(realpathSync(at('.bin/tool'))).toBe(join(root, 'node_modules/tool/cli.js'));
  expect(readFileSync(at('.bin/p'), 'utf8')).toBe('new');
  expect(existsSync(at('.cache'))).toBe(false);
  expect(existsSync(at('.pnpm/dep@1/x'))).toBe(true);
  expect(realpathSync(join(to, 'packages/p/node_modules/nested'))).toBe(join(root, 'packages/p/node_modules/nested'));
  expect(readFileSync(join(to, 'certs/a.pem'), 'utf8')).toBe('a');
  expect([...dependencies.paths].sort()).toEqual(['certs', 'fixtures.json', 'node_modules', 'packages/p/node_modules']);
});

it('makes a virtual environment whose editable install and scripts are the new folder’s', async () => {
  const { root, to } = await prepared();
  execFileSync('python3', ['-m', 'venv', '--without-pip', '.venv'], { cwd: root });
  const at = (path: string) => join(to, '.venv', path);
  const site = `lib/${readdirSync(join(root, '.venv/lib'))[0]}/site-packages`;
  const inSite = (name: string) => `.venv/${site}/${name}`;
  write(root, {
    'src/stock/__init__.py': 'place = "main"\n',
    'own/linked.py': 'place = "main"\n',
    [inSite('__editable__.stock-1.0.pth')]: `${root}/src\n`,
    [inSite('__editable__.finder.pth')]: 'import __editable___found_finder\n',
    [inSite('__editable___found_finder.py')]:
      `import sys\nsys.path.append('${root}/own')\nMAPPING = {'x': '${root}-2/x'}\n`,
    [inSite('dep/__init__.py')]: 'place = "installed"\n',
    '.venv/bin/where': `#!${root}/.venv/bin/python\nimport stock, linked, dep\nprint(stock.__file__, linked.place, dep.place)\n`,
  });
  chmodSync(join(root, '.venv/bin/where'), 0o755);
  write(to, { 'src/stock/__init__.py': 'place = "new"\n', 'own/linked.py': 'place = "new"\n' });
  const { restore } = await prepareDependencies({ from: root, to, config, exact: true });
  const shown = (...command: [string, ...string[]]) => {
    const [program, ...args] = command;
    return execFileSync(program, args, { cwd: to, env: { PYTHONDONTWRITEBYTECODE: '1' }, encoding: 'utf8' }).trim();
  };
  expect(shown(at('bin/where'))).toBe(`${to}/src/stock/__init__.py new installed`);
  const probe = 'import sys, stock, linked; print(sys.prefix, stock.place, linked.place)';
  expect(shown('.venv/bin/python', '-c', probe)).toBe(`${join(to, '.venv')} new new`);
  expect(readFileSync(at(`${site}/__editable___found_finder.py`), 'utf8')).toContain(`'${root}-2/x'`);
  expect(lstatSync(at(`${site}/dep`)).isSymbolicLink()).toBe(true);

  const activated = `/usr/bin:${root}/.venv/bin:/bin`;
  expect(await activatedPath(activated, to)).toBe(`/usr/bin:${to}/.venv/bin:/bin`);
  expect(await activatedPath(activated, root)).toBe(activated);

  write(to, { [inSite('__editable__.stock-1.0.pth')]: `${root}/src\n`, [inSite('evil.pth')]: 'import os\n' });
  await restore();
  expect(readFileSync(at(`${site}/__editable__.stock-1.0.pth`), 'utf8')).toBe(`${to}/src\n`);
  expect(existsSync(at(`${site}/evil.pth`))).toBe(false);
});

it("keeps a package that was installed in the worktree itself, and adds the main checkout's new ones", async () => {
  const { root, to } = await prepared();
  write(root, { 'node_modules/dep/index.js': 'd' });
  await prepareDependencies({ from: root, to, config });
  write(to, { 'node_modules/own/index.js': 'own' });
  write(root, { 'node_modules/own/index.js': 'main', 'node_modules/late/index.js': 'l' });
  await prepareDependencies({ from: root, to, config });
  expect(readFileSync(join(to, 'node_modules/own/index.js'), 'utf8')).toBe('own');
  expect(existsSync(join(to, 'node_modules/late/index.js'))).toBe(true);
});

it('puts back copied files that code under test changed', async () => {
  const { root, to } = await prepared();
  write(root, { 'certs/a.pem': 'a' });
  const { restore } = await prepareDependencies({ from: root, to, config });
  write(to, { 'certs/a.pem': 'b', 'certs/new.pem': 'n' });
  await restore();
  expect(readFileSync(join(to, 'certs/a.pem'), 'utf8')).toBe('a');
  expect(existsSync(join(to, 'certs/new.pem'))).toBe(false);
});

it('copies nothing from outside the repository', async () => {
  const { root, to } = await prepared();
  await expect(prepareDependencies({ from: root, to, config: { ...config, copy: ['../secret'] } })).rejects.toThrow(
    /outside/,
  );
});

it('links a thousand packages in about the time that making a thousand links takes', async () => {
  const { root, to } = await prepared();
  for (let i = 0; i < 1000; i++) mkdirSync(join(root, `node_modules/package-${i}`), { recursive: true });
  const plain = freshFolder('plain');
  const timed = async (work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
  const links = await timed(() =>
    Promise.all(
      Array.from({ length: 1000 }, (_, i) => symlink(join(root, `node_modules/package-${i}`), join(plain, `${i}`))),
    ),
  );
  const whole = await timed(() => prepareDependencies({ from: root, to, config }));
  expect(whole, `${Math.round(whole)} ms, plain links ${Math.round(links)} ms`).toBeLessThan(Math.max(300, 8 * links));
});

it('puts and removes nothing behind a link that leads into the main checkout', async () => {
  const { root, to } = await prepared();
  const installed = {
    'packages/p/node_modules/dep/index.js': 'd',
    'packages/p/node_modules/.cache/x': 'x',
    'packages/p/vendor/v.js': 'v',
    'packages/p/.env': 'KEY=1',
  };
  write(root, installed);
  rmSync(join(to, 'packages'), { recursive: true });
  symlinkSync(join(root, 'packages'), join(to, 'packages'));
  const all = { setup: '', link: ['node_modules', 'vendor'], copy: ['packages/p/.env'] };
  for (const exact of [false, true]) {
    const { restore } = await prepareDependencies({ from: root, to, config: all, exact });
    expect(await restore(), 'it tells that something was left out').toBe(false);
  }
  for (const [path, text] of Object.entries(installed)) expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  expect(lstatSync(join(root, 'packages/p/node_modules/dep')).isDirectory()).toBe(true);
});
