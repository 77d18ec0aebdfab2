import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groupAlive } from '../../../../gate/process-group.ts';
import { ownModules, project } from '../../runner/project.ts';
import { exercise } from '../exercise.ts';

const MATH = `
export const add = (a, b) => a + b;
export async function user(id) { await null; return { id, name: 'Ada', tags: ['a', 'b'], at: new Date(0), gone: undefined }; }
export function fail(message) { throw new RangeError(message); }
export class NotThere extends Error {}
export const missing = () => { throw new NotThere('no such user 7'); };
export const deep = (value) => value.user.tenantId;
export const shapes = () => ({ map: new Map([['a', 1]]), set: new Set([1, 2]), nan: NaN, big: 5n });
export const nothing = () => {};
export const forever = () => { for (;;) {} };
export const never = () => new Promise(() => {});
export const leave = () => process.exit(3);
export const later = () => new Promise(() => setTimeout(() => { throw new TypeError('thrown later'); }, 1));
export const first = (list) => list[0];
export const notCallable = 5;
export default (x) => x * 2;
`;
const folder = () => project({ 'package.json': '{"type":"module"}', 'src/math.mjs': MATH });
const call = (name: string, rest: Record<string, unknown>) => ({
  call: { module: 'src/math.mjs', export: name },
  ...rest,
});

describe('runCall', () => {
  it('takes a list as the arguments and anything else as the only one, and holds the result against a part of it', async () => {
    expect(await exercise(folder(), call('add', { input: [1, 2], expected: 3 }))).toMatchObject({
      status: 'passed',
      command: 'call src/math.mjs#add',
      exit: 0,
      counts: { passed: 1, failed: 0, skipped: 0 },
      cases: [{ name: 'S001 what it keeps', file: 'src/math.mjs', status: 'passed' }],
      tail: '✓ S001 what it keeps',
    });
    expect((await exercise(folder(), call('default', { input: 4, expected: 8 }))).status).toBe('passed');
    expect((await exercise(folder(), call('first', { input: [['x', 'y']], expected: 'x' }))).status).toBe('passed');
    expect((await exercise(folder(), call('nothing', { expected: null }))).status).toBe('passed');
  });

  it('waits for a promise, and compares what JSON would show', async () => {
    const part = { name: 'Ada', tags: ['a', 'b'], at: '1970-01-01T00:00:00.000Z' };
    expect((await exercise(folder(), call('user', { input: 7, expected: part }))).status).toBe('passed');
    expect(
      (await exercise(folder(), call('user', { input: 7, expected: { equals: { id: 7, ...part } } }))).status,
    ).toBe('passed');
    const shapes = { map: { a: 1 }, set: [1, 2], nan: Number.NaN, big: 5 };
    expect((await exercise(folder(), call('shapes', { expected: { equals: shapes } }))).status).toBe('passed');
  });

  it('says what differs, expected against actual', async () => {
    const expected = { name: 'Bob', tags: ['a'], more: { x: 1 } };
    const run = await exercise(folder(), call('user', { input: 7, expected }));
    expect(run).toMatchObject({ status: 'failed', exit: 1, counts: { passed: 0, failed: 1 } });
    expect(run.cases[0]?.failure?.split('\n').slice(0, 3)).toEqual([
      'AssertionError: name: expected "Bob", got "Ada"',
      'tags: expected 1 element ["a"], got 2 elements ["a","b"]',
      'more: expected {"x":1}, got null',
    ]);
    expect(run.tail).toContain('actual: {"id":7,"name":"Ada"');
    const exact = await exercise(folder(), call('user', { input: 7, expected: { equals: { id: 7, name: 'Ada' } } }));
    expect(exact.cases[0]?.failure).toContain('tags: expected nothing, got ["a","b"]');
  });

  it('knows an error by its type or class, and its message by a part or a pattern', async () => {
    const throws = async (name: string, expected: object) =>
      (await exercise(folder(), call(name, { input: 'too much', expected: { throws: expected } }))).status;
    expect(await throws('fail', { type: 'RangeError', message: 'too' })).toBe('passed');
    expect(await throws('fail', { message: '/^too much$/' })).toBe('passed');
    expect(await throws('missing', { type: 'NotThere', message: '/user \\d+/' })).toBe('passed');
    expect(await throws('fail', { type: 'TypeError' })).toBe('failed');
    expect(await throws('fail', { message: 'too little' })).toBe('failed');
    expect(await throws('nothing', {})).toBe('failed');
  });

  it("shows an error that nobody expected as its own: type, message, and the stack in the tree's files", async () => {
    const root = folder();
    const { cases } = await exercise(root, call('deep', { input: {}, expected: 't1' }));
    expect(cases[0]?.failure).toMatch(
      /^TypeError: Cannot read properties of undefined \(reading 'tenantId'\)\n\s+at deep \(file:.*src\/math\.mjs:7:/,
    );
    expect(cases[0]?.failure).not.toContain('call.mjs');
    const late = await exercise(root, call('later', { expected: 1 }));
    expect(late.cases[0]?.failure).toMatch(/^TypeError: thrown later\n/);
  });

  it('counts each row of a table under its own name', async () => {
    const rows = [
      { name: 'small', input: [1, 2], expected: 3 },
      { input: [2, 2], expected: 5 },
      { name: 'small', input: ['a', 'b'], expected: 'ab' },
    ];
    const run = await exercise(folder(), call('add', { rows }));
    expect(run.counts).toEqual({ passed: 2, failed: 1, skipped: 0 });
    expect(run.cases.map(({ name, status }) => `${name}: ${status}`)).toEqual([
      'S001 what it keeps > small: passed',
      'S001 what it keeps > row 2: failed',
      'S001 what it keeps > row 3: passed',
    ]);
  });

  it('tells a call that ends the process, or never comes back, from one that failed', async () => {
    const left = await exercise(folder(), call('leave', { rows: [{ expected: 1 }, { expected: 2 }] }));
    expect(left).toMatchObject({ status: 'failed', reason: { code: 'broke_off' }, counts: { failed: 1 } });
    expect(left.cases[0]?.failure).toContain('ended (exit code 3)');
    const never = await exercise(folder(), call('never', { expected: 1 }));
    expect(never).toMatchObject({ status: 'failed', counts: { failed: 1 } });
  });

  it('ends an endless loop at its time, and leaves nothing behind', async () => {
    let group = 0;
    const root = project({
      'a.mjs': `process.stdout.write('pid ' + process.pid + '\\n'); export const forever = () => { for (;;) {} };`,
    });
    const run = await exercise(
      root,
      { call: { module: 'a.mjs', export: 'forever' }, expected: 1, timeout: '2s' },
      { onOutput: (text) => (group ||= Number(/pid (\d+)/.exec(text)?.[1] ?? 0)) },
    );
    expect(run).toMatchObject({ status: 'timed_out', counts: null, exit: null });
    expect(group).toBeGreaterThan(0);
    expect(groupAlive(group)).toBe(false);
  });

  it('is an error, and no failure, when the module or its export is not there', async () => {
    const code = async (files: Record<string, string>, entry: Record<string, unknown>) => {
      const { status, reason } = await exercise(project(files), { expected: 1, ...entry });
      return `${status} ${reason?.code}: ${reason?.message}`;
    };
    const at = (module: string, name = 'add') => ({ call: { module, export: name } });
    expect(await code({ 'm.mjs': MATH }, at('m.mjs', 'ad'))).toMatch(
      /^error load_error: m\.mjs did not load or did not run: Error: m\.mjs has no export ad; .* Did you mean add\?$/,
    );
    expect(await code({ 'm.mjs': MATH }, at('m.mjs', 'notCallable'))).toContain('is no function but number');
    expect(await code({ 'm.mjs': 'export const = 1' }, at('m.mjs'))).toMatch(/load_error: .*SyntaxError: /);
    expect(await code({ 'm.mjs': `import './no.mjs'` }, at('m.mjs'))).toMatch(/load_error: .*no\.mjs/);
    expect(await code({ 'm.mjs': 'process.exit(0)' }, at('m.mjs'))).toContain('while it loaded');
    expect(await code({}, at('gone.mjs'))).toContain('error load_error');
    expect(await code({ 'm.py': '' }, at('m.py'))).toContain('error bad_scenario');
    expect(await code({ 'm.mjs': MATH }, { ...at('m.mjs'), expected: undefined })).toContain('expected is missing');
    expect(await code({ 'm.mjs': MATH }, { ...at('m.mjs'), expected: { throws: { typ: 'X' } } })).toContain('typ');
  });

  it('gives the call the environment of checks and closes what is open when it came back', async () => {
    const root = project({
      'e.cjs': `exports.env = () => { setInterval(() => {}, 1000); return [Object.keys(process.env).sort(), process.argv.length]; };`,
    });
    const run = await exercise(
      root,
      { call: { module: 'e.cjs', export: 'env' }, expected: { equals: [['X'], 2] } },
      { env: { ONLY: 'this' } },
    );
    expect(run.status).toBe('failed');
    expect(run.tail).toContain('"ONLY"');
    expect(run.tail).not.toContain('NODE_OPTIONS');
  });
});

describe('TypeScript without a build step', () => {
  const files = {
    'package.json': '{"name":"app"}',
    'tsconfig.json': '{ // aliases\n "compilerOptions": { "baseUrl": ".", "paths": { "@app/*": ["src/*"] } } }',
    'src/kinds.ts': 'export enum Kind { A = "a" }\nexport interface Named { name: string }\n',
    'src/lib/index.ts': 'export const shout = (text: string): string => text.toUpperCase();\n',
    'src/user.ts': [
      `import { Kind, type Named } from '@app/kinds';`,
      `import { shout } from './lib';`,
      `import { twice } from './twice.js';`,
      `import data from './data.json';`,
      '',
      'export class Users {',
      '  constructor(private readonly kind: Kind) {}',
      '  async greet(named: Named): Promise<{ text: string; kind: Kind; here: string }> {',
      '    return { text: twice(shout(named.name)) + data.end, kind: this.kind, here: __dirname };',
      '  }',
      '}',
      'export const greet = (named: Named) => new Users(Kind.A).greet(named);',
      '',
      'interface Tenant { id: string }',
      '',
      'export function tenantOf(user: { tenant?: Tenant }): string {',
      '  const tenant = user.tenant as Tenant;',
      '  return tenant.id;',
      '}',
      '',
    ].join('\n'),
    'src/twice.ts': 'export const twice = (text: string) => text + text;\n',
    'src/bad.ts': 'export const fine = 1;\nexport const x: number = ;\n',
    'src/data.json': '{"end":"!"}',
  };
  const withTool = (tool: string) => {
    const root = project(files);
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(join(ownModules, tool), join(root, 'node_modules', tool));
    return root;
  };

  it.each(['esbuild', 'typescript'])(
    'reads it with the %s of the repository: aliases, no extensions, enums',
    async (tool) => {
      const root = withTool(tool);
      const greeted = { text: 'ADAADA!', kind: 'a', here: join(root, 'src') };
      const module = 'src/user.ts';
      const run = await exercise(root, {
        call: { module, export: 'greet' },
        input: { name: 'ada' },
        expected: { equals: greeted },
      });
      expect(run).toMatchObject({ status: 'passed' });
      const red = await exercise(root, { call: { module, export: 'tenantOf' }, input: {}, expected: 't' });
      expect(red.cases[0]?.failure).toMatch(/^TypeError: .*\n\s+at tenantOf \((?:file:\/\/)?\/.*src\/user\.ts:18:/);
    },
  );

  it('names what is missing, or reads it with Node itself', async () => {
    const root = project({ 'plain.mts': 'export const one = (n: number): number => n;\n' });
    const run = await exercise(root, { call: { module: 'plain.mts', export: 'one' }, input: 1, expected: 1 });
    if ('typescript' in process.features && process.features.typescript) expect(run.status).toBe('passed');
    else {
      expect(run).toMatchObject({ status: 'error', reason: { code: 'command_not_found' } });
      expect(run.reason?.message).toContain('Install tsx, esbuild or typescript');
    }
  });

  it('is an error when it does not compile, with file and line', async () => {
    const root = withTool('esbuild');
    const run = await exercise(root, { call: { module: 'src/bad.ts', export: 'x' }, expected: 1 });
    expect(run).toMatchObject({ status: 'error', reason: { code: 'load_error' } });
    expect(run.reason?.message).toContain('src/bad.ts');
    expect(run.tail).toContain('src/bad.ts:2:');
  });
});
