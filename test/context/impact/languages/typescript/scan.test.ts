// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code and settings of others
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Program, parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { scanImports } from '../../../../../context/impact/languages/typescript/scan.ts';

const scanSpecifiers = (text: string) => [...scanImports(text).keys()];

const packages = join(import.meta.dirname, '../../../../../node_modules');

describe('scanImports', () => {
  it.each([
    [`import a from './a'`, ['./a']],
    [`import{a}from"./a";import'./b'`, ['./a', './b']],
    [`import type { A } from './a'; export type { B } from './b'`, ['./a', './b']],
    [`import a, {\n  b, // why 'c'\n  d /* from './no' */,\n} from\n  './a'`, ['./a']],
    [`export * from './a'; export * as b from './b'; export { c } from './c'`, ['./a', './b', './c']],
    [`import fs = require('./a')`, ['./a']],
    [`module.exports = { ...require('./a'), b: [...require('./b')] }`, ['./a', './b']],
    [`const a = require("./a"), b = require.resolve('./b')`, ['./a', './b']],
    [
      `await import('./a'); await import(/* webpackChunkName: "x" */ './b', { with: { type: 'json' } })`,
      ['./a', './b'],
    ],
    ['await import(`./a`)', ['./a']],
    [`type A = import('./a').A; type B = typeof import('./b')`, ['./a', './b']],
    [`vi.mock('./a'); jest.requireActual('./b'); jest.mock("./c", () => ({}))`, ['./a', './b', './c']],
    [`vi.mock(import('./a')); vi.importActual<typeof import('./b')>('./b')`, ['./a', './b']],
    [`jest.requireActual<Map<string, () => void>>('./a')`, ['./a']],
    [`new Worker(new URL('worker.ts', import.meta.url))`, ['./worker.ts']],
    [`declare module './a' { interface A { b: 1 } }`, ['./a']],
    [`/// <reference path="globals.d.ts" />`, ['./globals.d.ts']],
    [`#!/usr/bin/env node --import='x'\nimport './a'`, ['./a']],
    [`\uFEFFimport './a'`, ['./a']],
    [`import './\\u0061'; import './\\x62'`, ['./a', './b']],
    ['`${await import("./a")} from "./no"`', ['./a']],
    ['`${`${f({ a: "`" })}`}`; import("./a")', ['./a']],
    [`const r = /["'\`]/.test(x) ? a / b : c; import './a' /* " */`, ['./a']],
    [`const glob = \`\${dir}/**/*.ts\`; require('./a'); // */`, ['./a']],
    [`const q = "/*"; require('./a'); const z = '*/'`, ['./a']],
    [`const e = <p>it's {a} / </p>;\nconst L = lazy(() => import('./a'))`, ['./a']],
    [`const e = <p>one \` tick</p>;\nconst L = lazy(() => import('./a'))`, ['./a']],
    [`const e = <br />;\nimport('./a')`, ['./a']],
  ])('%j imports %j', (text, expected) => {
    expect(scanSpecifiers(text)).toEqual(expected);
  });

  it.each([
    `// import './a'`,
    `/* import './a' */`,
    `const s = "import './a'"`,
    "const s = `import './a'; require('./b')`",
    `my.require('./a'); requires('./a'); x.import('./a'); Array.from('./a')`,
    `require('./' + name); import('./pages/' + name + '.ts')`,
    'import(`./pages/${name}.ts`)',
    `new URL('./a', base)`,
    `declare module 'typed' {}`,
  ])('%j imports nothing', (text) => {
    expect(scanSpecifiers(text)).toEqual([]);
  });

  it.each([
    [`import type { A } from './a'`, 'type'],
    [`import type A from './a'`, 'type'],
    [`import type * as A from './a'`, 'type'],
    [`import type {\n  A, // from\n} from './a'`, 'type'],
    [`export type { A } from './a'`, 'type'],
    [`export type * from './a'`, 'type'],
    [`import { type A, type B as C } from './a'`, 'type'],
    [`import { type A, b } from './a'`, 'value'],
    [`import c, { type A } from './a'`, 'value'],
    [`import type from './a'`, 'value'],
    [`import type, { A } from './a'`, 'value'],
    [`import { type } from './a'`, 'value'],
    [`import { type as A } from './a'`, 'value'],
    [`import {} from './a'`, 'value'],
    [`import './a'`, 'value'],
    [`import { types } from './a'`, 'value'],
    [`import type { A } from './a'; import { b } from './a'`, 'value'],
    [`import type { A } from './b'; import { types } from './a'`, 'value'],
    [`import { b } from './b'; type T = 1; export * from './a'`, 'value'],
    [`type A = import('./a').A`, 'type'],
    [`let a: typeof import('./a')`, 'type'],
    [`import('./a').then((a) => a)`, 'value'],
    [`const { a } = await import('./a')`, 'value'],
    [`declare module './a' {}`, 'type'],
    [`/** @type {import('./a').A} */ const a = 1`, 'type'],
    [`/** @param {Array<import("./a").A>} list */`, 'type'],
    [`/** @import { A } from './a' */`, 'type'],
    [`/// <reference types="./a" />`, 'type'],
    [`vi.mock('./a')`, 'mock'],
    [`jest.mock('./a', () => ({ ...jest.requireActual('./a') }))`, 'value'],
    [`vi.mock('./a'); import { a } from './a'`, 'value'],
    [`vi.mock('./a'); import type { A } from './a'`, 'mock'],
  ])('%j is used as a %s', (text, kind) => {
    expect(scanImports(text).get('./a')).toBe(kind);
  });

  it('finds every import that oxc-parser finds in real sources', () => {
    const folders = ['zod/src', 'fast-xml-parser/src', 'tsconfig-paths/src', 'hono/dist', 'express', 'resolve'];
    const missed: string[] = [];
    let imports = 0;
    let extra = 0;
    for (const path of folders.flatMap((folder) => sourceFiles(join(packages, folder)))) {
      const text = readFileSync(path, 'utf8');
      const wanted = parsedSpecifiers(path, text);
      if (wanted === undefined) continue;
      const found = new Set(scanSpecifiers(text));
      for (const specifier of wanted) if (!found.has(specifier)) missed.push(`${path}: ${specifier}`);
      imports += wanted.size;
      for (const specifier of found) if (!wanted.has(specifier)) extra++;
    }
    expect(missed).toEqual([]);
    expect(imports).toBeGreaterThan(2000);
    expect(extra / imports).toBeLessThan(0.02);
  });

  it('finds every import between arbitrary code that is valid', () => {
    const piece = fc.constantFrom(
      `const a = 'it"s';`,
      'const b = `a ${c ? `x ${"}"}` : "`"} b`;',
      'const r = /[/"`]\\//g;',
      `x = a / b / c; // it's "`,
      '/* ` " \' */',
      `if (a) { b = { c: "}" }; }`,
      `y = (a + 1) / 2; z = [1][0] / 2;`,
      'f`tag ${1}`;',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.boolean())), (pieces) => {
        const lines = pieces.map(([text, imports], index) => (imports ? `${text}\nimport('./m${index}');` : text));
        const wanted = pieces.flatMap(([, imports], index) => (imports ? [`./m${index}`] : []));
        expect(scanSpecifiers(lines.join('\n'))).toEqual(wanted);
      }),
    );
  });

  it.each(['/*', '`${', '}', "\\'", '/[', '"', '`', '// ', '(<', '/**/ "'])(
    'takes a megabyte of %j in its stride',
    (part) => {
      const start = performance.now();
      scanSpecifiers(`\`\${{${part.repeat(1_000_000 / part.length)}`);
      expect(performance.now() - start).toBeLessThan(3000);
    },
  );

  it('comes to an end on any text', () => {
    const noise = fc.array(
      fc.constantFrom('`', '"', "'", '/', '*', '${', '{', '}', '\\', '\n', '(', '<', '>', 'import', 'from', ' ', '['),
    );
    fc.assert(
      fc.property(noise, (parts) => Array.isArray(scanSpecifiers(parts.join('')))),
      { numRuns: 2000 },
    );
  });
});

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[mc]?[jt]sx?$/.test(name) && !/(^|\/)node_modules\//.test(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size < 500_000)
    .sort();
}

/** What a real parser says the file imports; undefined when it does not parse. */
function parsedSpecifiers(path: string, text: string): Set<string> | undefined {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) return undefined;
  const found = new Set(module.staticImports.map((found) => found.moduleRequest.value));
  for (const { entries } of module.staticExports)
    for (const { moduleRequest } of entries) if (moduleRequest) found.add(moduleRequest.value);
  visit(program, (node) => {
    if (node.type === 'ImportExpression' || node.type === 'TSImportType') addLiteral(found, node.source);
    if (node.type === 'TSExternalModuleReference') addLiteral(found, node.expression);
    if (node.type === 'CallExpression' && isNode(node.callee) && node.callee.name === 'require')
      addLiteral(found, Array.isArray(node.arguments) ? node.arguments[0] : undefined);
  });
  found.delete('');
  return found;
}

type Node = Record<string, unknown>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function visit(value: Program | unknown, see: (node: Node) => void): void {
  if (!isNode(value)) return;
  see(value);
  for (const child of Object.values(value)) visit(child, see);
}

function addLiteral(found: Set<string>, value: unknown): void {
  if (isNode(value) && value.type === 'Literal' && typeof value.value === 'string') found.add(value.value);
}
