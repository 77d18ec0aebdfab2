import { describe, expect, it } from 'vitest';
import { exportedApi } from '../../../context/structure/exports.ts';

async function api(files: Record<string, string> | string, path = 'a.ts'): Promise<Record<string, string>> {
  const all = typeof files === 'string' ? { [path]: files } : files;
  const read = await exportedApi(path, async (file) => all[file]);
  if (read.status !== 'read') throw new Error(JSON.stringify(read));
  return Object.fromEntries([...read.entries].map(([name, { signature }]) => [name, signature]));
}

describe('the signatures of a module', () => {
  it('hold names, types and parameters of all that it declares', async () => {
    expect(
      await api(`
        export function f<T>(a: string, b?: T, c = 1, ...d: number[]): void {}
        export async function* g(x) { yield x }
        export const h = async (a: string): Promise<void> => {}, i: number = 2;
        export const { j, k: [l] } = load();
        export abstract class A<T> extends B<T> implements C {
          private x = 1; #y = 2; protected z() {}
          static readonly s: string = 'a';
          constructor(private a: string, readonly b: number) { super() }
          get v(): number { return 1 }
          m(a: string): void; m(a: number): void; m(a: unknown) {}
        }
        export interface I<T> extends J { b(): void; a?: string }
        export type U = | 'a' | { b: string, c?: (x: number) => void };
        export enum E { A, B = 2 }
        export namespace N { export const q = 1; const hidden = 2 }
        export default { go(a, b) {}, url: 'x' };
      `),
    ).toEqual({
      f: '< T >(string, T?, c?, ...number [ ]) => void',
      g: 'async * (x)',
      h: '(string) => Promise < void >',
      i: 'number',
      j: 'part of load()',
      l: 'part of load()',
      A: 'abstract class< T > extends B < T > implements C { constructor(string, number); m(string) => void; m(number) => void; readonly b: number; static readonly s: string; get v() => number }',
      I: 'interface< T > extends J { a ? : string; b () : void }',
      U: 'type "a" | { b : string; c ? : (number) => void }',
      E: 'enum E { A , B = 2 }',
      N: 'namespace { q: number }',
      default: '{ go(a, b); url: string }',
    });
  });

  it.each([
    [
      'bodies',
      'export function f(a: string): number { return 1 }',
      'export function f(a: string): number { return 2 }',
    ],
    ['format', 'export type T = {a: string; b: "x"}', "export type T = {\n  // why\n  b: 'x',\n  a: string,\n};\n"],
    ['names of typed parameters', 'export const f = (a: string) => 1', 'export const f = (b: string,) => 2'],
    ['how it is exported', 'export function f(a: X): void {}', 'function g(a: X): void {}\nexport { g as f };'],
    [
      'the implementation of overloads',
      'export function f(a: X): void;\nexport function f(a) {}',
      'export function f(a: X): void;\nexport function f(...a) {}',
    ],
    ['values', 'export const a = 1, b = "x", c = [1], d = f(1)', 'export const a = 2, b = `y`, c = [], d = f(2)'],
    ['private members', 'export class A { private a() {} }', 'export class A { #b = 1 }'],
  ])('do not hold %s', async (_what, one, other) => {
    expect(await api(one)).toEqual(await api(other));
  });

  it.each([
    ['a parameter', 'export function f(a: string) {}', 'export function f(a: string, b: string) {}'],
    ['an untyped name', 'export function f(a) {}', 'export function f(b) {}'],
    ['a return type', 'export function f(): string {}', 'export function f(): string | null {}'],
    ['async', 'export function f() {}', 'export async function f() {}'],
    ['a public member', 'export class A { a() {} }', 'export class A { b() {} }'],
    ['a member that becomes private', 'export class A { a() {} }', 'export class A { private a() {} }'],
    [
      'an overload',
      'export function f(a: X): void;\nexport function f(a) {}',
      'export function f(a: Y): void;\nexport function f(a) {}',
    ],
    ['the order of an enum', 'export enum E { A, B }', 'export enum E { B, A }'],
    [
      'a type that is not exported itself',
      'interface O { a: X }\nexport function f(o: O) {}',
      'interface O { a: Y }\nexport function f(o: O) {}',
    ],
  ])('tell %s', async (_what, one, other) => {
    expect(await api(one)).not.toEqual(await api(other));
  });
});

describe('what is exported again', () => {
  const files = {
    'src/index.ts':
      "export * from './impl.js';\nexport { b as c, default as d } from './more';\nexport * from 'pkg';\nexport * as all from './more';\nimport { b } from './more';\nimport p from 'pkg';\nexport { b, p };\n",
    'src/impl.ts': 'export const a = 1;\nexport default 2;\nexport * from "./index";\n',
    'src/more/index.tsx': 'export function b(x: string): void {}\nexport default class {}\n',
  };

  it('is followed through the files of the repository, in a circle too, and named where it is a package’s', async () => {
    expect(await api(files, 'src/index.ts')).toEqual({
      a: 'number',
      c: '(string) => void',
      d: 'class {  }',
      '* from "pkg"': '',
      all: '{ b: (string) => void; default: class {  } }',
      b: '(string) => void',
      p: 'default of "pkg"',
    });
  });

  it.each([
    ['module.exports = { a, b(x, y) {}, c: 1 };\nfunction a(q) {}\n', { a: '(q)', b: '(x, y)', c: 'number' }],
    ['exports.a = (x) => x;\nmodule.exports.b = class { m() {} };\n', { a: '(x)', b: 'class { m() }' }],
    ['module.exports = function (a) {};\n', { 'export =': '(a)' }],
  ])('may be exported by %j', async (text, expected) => {
    expect(await api(text, 'a.cjs')).toEqual(expected);
  });
});

it('says what it cannot read', async () => {
  expect(await exportedApi('a.py', async () => '')).toMatchObject({ status: 'unreadable' });
  expect(await exportedApi('a.ts', async () => undefined)).toEqual({ status: 'missing' });
  expect(await exportedApi('a.ts', async () => 'const a = 1;\nexport function (')).toMatchObject({
    status: 'unreadable',
    message: expect.stringMatching(/^a\.ts:\d+ is not understood/),
  });
});
