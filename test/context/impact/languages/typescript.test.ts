// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code and settings of others
import { describe, expect, it } from 'vitest';
import { typescript } from '../../../../context/impact/languages/typescript.ts';
import { treeOf } from '../tree.ts';

/** Resolves in a tree of empty files, but for the JSON given. */
function resolverOf(paths: string, json: Record<string, object> = {}) {
  const texts = Object.fromEntries(paths.split(/\s+/).map((path) => [path, '']));
  const settings = Object.entries(json).map(([path, value]) => [path, JSON.stringify(value)]);
  const resolve = typescript.resolver(treeOf({ ...texts, ...Object.fromEntries(settings) }));
  return (folder: string, specifier: string) => resolve(folder, specifier).join(' ');
}

describe('relative specifiers', () => {
  const resolve = resolverOf(
    `a.ts b.tsx c.js d.mts e/index.ts e/x.d.ts e/x.js f/lib/main.js index.ts data.json style.css
    app/[id]/page.tsx g.d.ts h.jsx.ts weird.name.ts Comp.vue e.ts`,
    { 'f/package.json': { main: './lib/main' } },
  );

  it.each([
    ['.', './a', 'a.ts'],
    ['.', './a.js', 'a.ts'],
    ['.', './b.js', 'b.tsx'],
    ['.', './b.jsx', 'b.tsx'],
    ['.', './c', 'c.js'],
    ['.', './c.js', 'c.js'],
    ['.', './d.mjs', 'd.mts'],
    ['.', './e', 'e.ts'],
    ['e/deep', '..', 'e/index.ts'],
    ['e/deep', '../', 'e/index.ts'],
    ['.', './e/', 'e/index.ts'],
    ['e', '..', 'index.ts'],
    ['e', '../', 'index.ts'],
    ['.', '.', 'index.ts'],
    ['e', '.', 'e/index.ts'],
    ['e', '../a', 'a.ts'],
    ['.', './e/x.js', 'e/x.d.ts e/x.js'],
    ['.', './e/x', 'e/x.d.ts e/x.js'],
    ['.', './g', 'g.d.ts'],
    ['.', './f', 'f/lib/main.js'],
    ['.', './data.json', 'data.json'],
    ['.', './style.css?inline', 'style.css'],
    ['.', './app/[id]/page', 'app/[id]/page.tsx'],
    ['.', './weird.name', 'weird.name.ts'],
    ['.', './Comp.vue', 'Comp.vue'],
    ['.', './Comp', 'Comp.vue'],
    ['.', './missing', ''],
    ['.', '../a', ''],
    ['.', 'node:fs', ''],
    ['.', 'react', ''],
    ['.', 'https://example.org/a.js', ''],
  ])('in %s, %s is "%s"', (folder, specifier, expected) => {
    expect(resolve(folder, specifier)).toBe(expected);
  });
});

describe('tsconfig paths', () => {
  it('follows the nearest config, extends in the tree, comments and trailing commas', () => {
    const tree = treeOf({
      'tsconfig.base.json':
        '{ // shared\n "compilerOptions": { "baseUrl": ".", "paths": { "@app/*": ["src/*",], "exact": ["src/one.ts"] }, }, }',
      'web/tsconfig.json': '{ "extends": ["@tsconfig/node20/tsconfig.json", "../tsconfig.base"] }',
      'api/tsconfig.json': '{ "compilerOptions": { "paths": { "@app/*": ["./own/*", "../src/*"] } } }',
      ...Object.fromEntries(['src/one.ts', 'src/two/index.ts', 'api/own/one.ts', 'web/a.ts'].map((path) => [path, ''])),
    });
    const resolve = typescript.resolver(tree);
    expect(resolve('web/deep/er', '@app/one')).toEqual(['src/one.ts']);
    expect(resolve('web', '@app/two')).toEqual(['src/two/index.ts']);
    expect(resolve('web', 'exact')).toEqual(['src/one.ts']);
    expect(resolve('web', 'src/one.js')).toEqual(['src/one.ts']);
    expect(resolve('api', '@app/one')).toEqual(['api/own/one.ts']);
    expect(resolve('api', '@app/two')).toEqual(['src/two/index.ts']);
    expect(resolve('api', 'exact')).toEqual([]);
    expect(resolve('.', '@app/one')).toEqual([]);
  });

  it('reads solution files, configs of workspace packages, ${configDir} and jsconfig', () => {
    const resolve = resolverOf('app/src/a.ts org/x.ts lib/src/b.ts js/util/c.js', {
      'app/tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }, { path: '../org' }] },
      'app/tsconfig.app.json': { compilerOptions: { paths: { '@/*': ['./src/*'] } } },
      'org/tsconfig.json': { compilerOptions: { paths: { 'org/*': ['./*'] } } },
      'org/package.json': { name: '@org/config' },
      'org/base.json': { compilerOptions: { paths: { '~/*': ['${configDir}/src/*'] } } },
      'lib/tsconfig.json': { extends: '@org/config/base' },
      'js/jsconfig.json': { compilerOptions: { baseUrl: '.' } },
    });
    expect(resolve('app/src', '@/a')).toBe('app/src/a.ts');
    expect(resolve('app/src', 'org/x')).toBe('org/x.ts');
    expect(resolve('lib/src', '~/b')).toBe('lib/src/b.ts');
    expect(resolve('js', 'util/c')).toBe('js/util/c.js');
  });

  it('survives a config that extends itself, that is no JSON, or whose pattern is wrong', () => {
    const tree = treeOf({
      'tsconfig.json': '{ "extends": "./tsconfig.json", "compilerOptions": { "paths": { "*/*": ["./*/*"] } } }',
      'x/tsconfig.json': '{ "compilerOptions": ',
      'package.json': 'null',
      'a.ts': '',
    });
    expect(typescript.resolver(tree)('.', './a')).toEqual(['a.ts']);
    expect(typescript.resolver(tree)('x', 'a')).toEqual([]);
  });
});

describe('packages of the tree', () => {
  it.each<[string, object, string, string, string]>([
    ['an unbuilt dist', { exports: './dist/index.js' }, 'src/index.ts', 'pkg', 'p/src/index.ts'],
    [
      'conditions',
      { exports: { '.': { types: './dist/index.d.ts', import: './dist/esm/main.mjs' } } },
      'src/main.ts',
      'pkg',
      'p/src/main.ts',
    ],
    [
      'require only',
      { exports: { '.': { require: './dist/cjs/index.cjs' } } },
      'src/index.ts',
      'pkg',
      'p/src/index.ts',
    ],
    [
      'a subpath',
      { exports: { './sub': './dist/sub/index.d.cts' } },
      'src/sub/index.ts',
      'pkg/sub',
      'p/src/sub/index.ts',
    ],
    ['a pattern', { exports: { './*': './lib/*.js' } }, 'src/deep/one.tsx', 'pkg/deep/one', 'p/src/deep/one.tsx'],
    [
      'files at the top, source in src',
      { exports: { './v4': './v4/index.js' } },
      'src/v4/index.ts',
      'pkg/v4',
      'p/src/v4/index.ts',
    ],
    ['main', { main: './build/server.js' }, 'server.ts', 'pkg', 'p/server.ts'],
    ['source named by exports', { exports: { '.': './src/api.ts' } }, 'src/api.ts', 'pkg', 'p/src/api.ts'],
    ['nothing declared', {}, 'src/index.ts', 'pkg', 'p/src/index.ts'],
    ['a path without exports', { main: 'x.js' }, 'src/tools/a.ts', 'pkg/tools/a', 'p/src/tools/a.ts'],
    [
      'a built file in the tree',
      { main: 'dist/index.js' },
      'dist/index.js p/src/index.ts',
      'pkg',
      'p/dist/index.js p/src/index.ts',
    ],
    ['a path that is not exported', { exports: { '.': './a.js' } }, 'b.ts', 'pkg/c', ''],
  ])('%s', (_, json, files, specifier, expected) => {
    const resolve = resolverOf(`p/${files} other/x.ts`, { 'p/package.json': { name: 'pkg', ...json } });
    expect(resolve('other', specifier)).toBe(expected);
  });

  it('resolves #imports by the enclosing package, scoped names, and names inside the package itself', () => {
    const resolve = resolverOf('p/src/a.ts p/src/deep/b.ts q/src/index.ts', {
      'p/package.json': { name: '@s/p', imports: { '#a': './dist/a.js', '#deep/*': './src/deep/*.ts', '#q': '@s/q' } },
      'q/package.json': { name: '@s/q', main: 'dist/index.cjs' },
    });
    expect(resolve('p/src/deep', '#a')).toBe('p/src/a.ts');
    expect(resolve('p/src', '#deep/b')).toBe('p/src/deep/b.ts');
    expect(resolve('p/src', '#q')).toBe('q/src/index.ts');
    expect(resolve('q', '#a')).toBe('');
    expect(resolve('p', '@s/p/src/a')).toBe('p/src/a.ts');
    expect(resolve('p', '@s')).toBe('');
  });

  it('takes the real package before a fixture of the same name, whatever the order of the files', () => {
    const json = { 'a/fixtures/pkg/package.json': { name: 'pkg' }, 'packages/pkg/package.json': { name: 'pkg' } };
    const resolve = resolverOf('a/fixtures/pkg/index.ts packages/pkg/index.ts', json);
    expect(resolve('.', 'pkg')).toBe('packages/pkg/index.ts');
  });
});
