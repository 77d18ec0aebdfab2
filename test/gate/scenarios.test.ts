import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../context/schemas/scenarios.ts';
import { runScenarios } from '../../gate/run-scenarios.ts';
import { checkScenarios, type ScenariosInput } from '../../gate/scenarios.ts';
import { freshFolder } from '../healer/sample-repository.ts';
import { INCIDENT, judgedFix, scenario } from './judged-fix.ts';

const suite = (...lines: string[]) =>
  [
    `import test from 'node:test';`,
    `import assert from 'node:assert';`,
    `import { add } from '../src/add.js';`,
    ...lines,
    '',
  ].join('\n');
const ADDS = `test('adds', () => assert.equal(add(1, 2), 3));`;
const ZERO = `test('zero', () => assert.equal(add(0, 0), 0));`;
const base = {
  'package.json': '{"type":"module","scripts":{"test":"node --test"}}',
  'src/add.js': 'export const add = (a, b) => a + b;\n',
  'test/add.test.js': suite(ADDS, ZERO),
};

interface Options {
  base?: Record<string, string>;
  command?: string;
  scenarios?: Scenario[];
  change?: (input: Awaited<ReturnType<typeof judgedFix>>) => unknown;
  input?: Partial<ScenariosInput>;
}
async function check(fix: Record<string, string>, options: Options = {}) {
  const judged = await judgedFix({
    base: { ...base, ...options.base },
    fix,
    ...(options.command === undefined ? {} : { command: options.command }),
  });
  judged.law.scenarios = options.scenarios ?? [];
  options.change?.(judged);
  const touched = judged.changes.map(({ path }) => path);
  return checkScenarios({ ...judged, touched, radius: [], environmentKey: 'e', ...options.input });
}
/** A test of the fix's own, so that F differs from B+S. */
const MORE = { 'test/more.test.js': suite(ADDS) };
const codes = (result: Awaited<ReturnType<typeof check>>) => result.check.findings.map(({ code }) => code);

describe('checkScenarios', () => {
  it('passes a fix that keeps every case, and tells what was executed', async () => {
    const result = await check({
      'src/add.js': 'export const add = (a, b) => b + a;\n',
      'test/more.test.js': suite(ADDS),
    });
    expect(result.check).toMatchObject({ status: 'pass', findings: [] });
    expect(result.check.evidence.map(({ at, counts }) => `${at} ${counts?.passed}`)).toEqual([
      'base 2',
      'base_source 2',
      'fix 3',
    ]);
    expect(result.executed).toEqual({
      ids: ['S000'],
      called: [],
      testFiles: ['test/add.test.js', 'test/more.test.js'],
    });
  });

  it('fails when a case turns red, and says which', async () => {
    const result = await check({ 'src/add.js': 'export const add = (a, b) => a + b || 1;\n' });
    expect(codes(result)).toEqual(['scenarios.failed']);
    expect(result.check).toMatchObject({ status: 'fail', findings: [{ file: 'test/add.test.js' }] });
    expect(result.check.findings[0]?.message).toContain('"test/add.test.js > zero"');
    expect(result.executed.ids).toEqual(['S000']);
  });

  it("judges by the base's own test files, also when the fix bends them to its source", async () => {
    const result = await check({
      'src/add.js': 'export const add = (a, b) => a + b || 1;\n',
      'test/add.test.js': suite(
        ADDS,
        ZERO.replace('0)', '1)').replace('add(0, 1)', 'add(0, 0)').replace(', 0))', ', 1))'),
      ),
    });
    expect(codes(result)).toEqual(['scenarios.failed']);
    expect(result.check.findings[0]?.message).toContain("base's own tests");
  });

  it('refuses a case that is gone or skipped, or asks where people said so', async () => {
    const gone = await check({ 'test/add.test.js': suite(ADDS) });
    expect(codes(gone)).toEqual(['tampering.case_removed']);
    expect(gone.check.status).toBe('refuse');
    const skip = { 'test/add.test.js': suite(ADDS, ZERO.replace('test(', 'test.skip(')) };
    expect((await check(skip)).check).toMatchObject({
      status: 'refuse',
      findings: [{ code: 'tampering.case_skipped' }],
    });
    const asked = await check(skip, { change: ({ law }) => Object.assign(law.config.tests, { edits: 'ask' }) });
    expect(asked).toMatchObject({ check: { status: 'warn' } });
    expect(asked.needsPerson).toHaveLength(1);
  });

  it('warns of what is red on the base too, unless people know it, and never excuses one more', async () => {
    const red = { 'test/red.test.js': suite(`test('red', () => assert.equal(1, 2));`) };
    const fix = { 'src/add.js': 'export const add = (a, b) => b + a;\n' };
    expect((await check(fix, { base: red })).check).toMatchObject({
      status: 'warn',
      findings: [{ code: 'scenarios.already_failing' }],
    });
    const known = await check(fix, {
      base: red,
      change: ({ law }) => Object.assign(law.config.tests, { known_failing: ['test/red.test.js > red'] }),
    });
    expect(known.check).toMatchObject({ status: 'pass' });
    const worse = await check({ 'src/add.js': 'export const add = (a, b) => a - b;\n' }, { base: red });
    expect(codes(worse)).toEqual(['scenarios.failed', 'scenarios.already_failing']);
  });

  it('excuses by a retry only what is unstable on the base too', async () => {
    const counter = (limit: string) =>
      suite(
        `import fs from 'node:fs';`,
        `test('sometimes', () => { const file = process.env.COUNTER; const n = fs.existsSync(file) ? Number(fs.readFileSync(file)) : 0; fs.writeFileSync(file, String(n + 1)); assert.ok(!(${limit}), 'run'); });`,
      );
    const run = async (limit: string) => {
      let file = '';
      const result = await check(
        { 'src/add.js': 'export const add = (a, b) => b + a;\n', ...MORE },
        {
          base: { 'test/add.test.js': counter(limit) },
          change: (judged) => {
            file = join(judged.root, '..', `counter-${Math.random()}`);
            judged.law.config.tests.env = { COUNTER: file };
          },
        },
      );
      return { result, runs: existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0 };
    };
    // base 0, source 1, fix 2 red, retry 3, base 4 red: unstable everywhere
    const everywhere = await run('n === 2 || n === 4');
    expect(codes(everywhere.result)).toEqual(['scenarios.flaky']);
    expect(everywhere.result.check.status).toBe('warn');
    // base green whenever it is tried again
    const onlyHere = await run('n === 2');
    expect(codes(onlyHere.result)).toEqual(['scenarios.failed']);
    expect(onlyHere.runs).toBe(7);
  });

  it('blocks on everything that cannot run, and says what a person does about it', async () => {
    const fix = { 'src/add.js': 'export const add = (a, b) => b + a;\n' };
    const missing = await check(fix, { command: '' });
    expect(missing.check).toMatchObject({
      status: 'fail',
      findings: [{ code: 'scenarios.no_test_command', file: '.self-healing/config.yaml' }],
    });
    expect(missing.check.findings[0]?.lift).toContain('tests: { command:');
    const gone = await check(fix, { command: 'no-such-runner --all' });
    expect(codes(gone)).toEqual(['scenarios.cannot_run']);
    const uncounted = await check(fix, { command: 'true' });
    expect(codes(uncounted)).toEqual(['scenarios.cannot_run']);
    expect(uncounted.check.status).toBe('fail');
    const called = await check(fix, {
      scenarios: [scenario('S002', { call: { module: 'src/add.js', export: 'add' } })],
    });
    expect(called.check).toMatchObject({ status: 'fail', findings: [{ code: 'scenarios.cannot_run' }] });
    expect(called.check.findings[0]?.message).toContain('expected is missing');
  });

  it('calls an export and asks a service on every tree, and compares row by row with the base', async () => {
    const serve = `import http from 'node:http';\nimport { add } from './add.js';
http.createServer((request, answer) => {
  const [a, b] = new URL(request.url, 'http://x').searchParams.getAll('n').map(Number);
  answer.end(JSON.stringify({ sum: add(a ?? 0, b ?? 0) }));
}).listen(process.env.PORT);\n`;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is written so in the document
    const ready = 'http://127.0.0.1:${PORT}/';
    const rows = [
      { name: 'two', input: [1, 2], expected: 3 },
      { name: 'none', input: [0, 0], expected: 0 },
    ];
    const scenarios = [
      scenario('S002', { call: { module: 'src/add.js', export: 'add' }, rows }),
      scenario('S003', {
        http: { start: 'node src/serve.js', ready, method: 'GET', path: '/?n=1&n=2' },
        expected: { body: { sum: 3 } },
      }),
    ];
    const options = { base: { 'src/serve.js': serve }, scenarios };
    const good = await check({ 'src/add.js': 'export const add = (a, b) => b + a;\n' }, options);
    expect(good.check).toMatchObject({ status: 'pass', findings: [] });
    expect(good.executed).toEqual({
      ids: ['S002', 'S003', 'S000'],
      testFiles: ['test/add.test.js'],
      called: ['src/add.js', 'src/serve.js'],
    });
    expect(good.check.evidence.map(({ command, at, counts }) => `${command} ${at} ${counts?.passed}`)).toContain(
      'call src/add.js#add fix 2',
    );
    const bad = await check({ 'src/add.js': 'export const add = (a, b) => a + b || 1;\n' }, options);
    expect(codes(bad)).toEqual(['scenarios.failed', 'scenarios.failed']);
    expect(bad.check.findings[0]?.message).toContain('"S002 what S002 keeps > none". The first says: AssertionError: ');
    const broken = await check({ 'src/add.js': 'export const sum = (a, b) => a + b;\n' }, options);
    expect(codes(broken)).toContain('scenarios.not_reached');
  });

  it('names documentation about touched files as unproven, and leaves drafts alone', async () => {
    const scenarios = [
      scenario('S003', { files: ['src/**'] }),
      scenario('S004', { files: ['other/**'] }),
      scenario('S005', { test_command: 'exit 1', proposed: true }),
    ];
    const result = await check({ 'src/add.js': 'export const add = (a, b) => b + a;\n' }, { scenarios });
    expect(codes(result)).toEqual(['scenarios.unproven']);
    expect(result.check.findings[0]?.message).toContain('S003');
    expect(result.executed.ids).toEqual(['S000']);
  });

  it('runs the incident first, then touched files, blast radius, the rest, S000; and nothing twice where there is a cache', async () => {
    const command = (n: number) => `node --test --test-timeout=${n}0000 test/add.test.js`;
    const scenarios = [
      scenario('rest', { files: ['x'], test_command: command(4) }),
      scenario('radius', { files: ['src/user.js'], test_command: command(3) }),
      scenario('touched', { files: ['src/add.js'], test_command: command(2) }),
      scenario('incident', { files: ['x'], test_command: command(1), incident: INCIDENT }),
    ];
    const kept = new Map<string, unknown>();
    const cache = {
      get: (key: string) => kept.get(key),
      set: (key: string, value: unknown) => void kept.set(key, value),
    };
    const judged = await judgedFix({ base, fix: { 'src/add.js': 'export const add = (a, b) => b + a;\n', ...MORE } });
    judged.law.scenarios = scenarios;
    const runs: string[] = [];
    const input: ScenariosInput = {
      ...judged,
      incident: INCIDENT,
      touched: ['src/add.js'],
      radius: ['src/user.js'],
      environmentKey: 'e',
      cache,
      onRun: (line, at) => runs.push(`${at} ${/=(\d)/.exec(line)?.[1] ?? line}`),
    };
    expect((await checkScenarios(input)).check.status).toBe('pass');
    expect(runs.slice(0, 5)).toEqual(['base 1', 'base 2', 'base 3', 'base 4', 'base npm test']);
    expect(runs).toHaveLength(15);
    runs.length = 0;
    expect((await checkScenarios(input)).check.status).toBe('pass');
    expect(runs).toEqual([]);
    judged.law.scenarios.splice(0);
    await checkScenarios({ ...input, environmentKey: 'other packages' });
    const { cache: _, ...final } = input;
    await checkScenarios(final);
    const thrice = ['base npm test', 'base_source npm test', 'fix npm test'];
    expect(runs).toEqual([...thrice, ...thrice]);
  });

  it('keeps in the cache what is red, and never what timed out or proved nothing', async () => {
    const kept = new Map<string, unknown>();
    const cache = {
      get: (key: string) => kept.get(key),
      set: (key: string, value: unknown) => void kept.set(key, value),
    };
    const runs: string[] = [];
    const judged = await judgedFix({ base, fix: { 'src/add.js': 'export const add = (a, b) => a - b;\n' } });
    judged.law.scenarios = [
      scenario('slow', { test_command: 'sleep 60', kind: 'check', timeout: 200 }),
      scenario('broken', { test_command: 'no-such-program' }),
    ];
    judged.law.config.tests.flaky_retries = 0;
    const onRun = (line: string) => void runs.push(line);
    const input: ScenariosInput = { ...judged, touched: [], radius: [], environmentKey: 'e', cache, onRun };
    const first = await checkScenarios(input);
    runs.length = 0;
    const again = await checkScenarios(input);
    expect(new Set(runs)).toEqual(new Set(['sleep 60', 'no-such-program']));
    expect(again.check.findings).toEqual(first.check.findings);
    expect(codes(again)).toContain('scenarios.failed');
  });

  it('gives what runs at the same time a folder of its own, the same on every tree', async () => {
    const judged = await judgedFix({ base, fix: { 'src/add.js': 'export const add = (a, b) => b + a;\n', ...MORE } });
    const meeting = freshFolder('meeting');
    Object.assign(judged.law.config.tests, { jobs: 2, env: { MEETING: meeting } });
    // Each waits for the other, so neither ends unless both run; and each would trip over what the other leaves.
    const meet = (mine: string, other: string) =>
      `test ! -e left && touch left "$MEETING/${mine}" && until [ -e "$MEETING/${other}" ]; do sleep 0.05; done; pwd`;
    judged.law.scenarios = [
      scenario('one', { test_command: meet('one', 'other'), kind: 'check' }),
      scenario('other', { test_command: meet('other', 'one'), kind: 'check' }),
    ];
    const { check: result } = await checkScenarios({ ...judged, touched: [], radius: [], environmentKey: 'e' });
    expect(result).toMatchObject({ status: 'pass' });
    const places = (name: string) =>
      new Set(result.evidence.filter(({ command }) => command.includes(`/${name}" &&`)).map(({ tail }) => tail));
    expect(places('one').size).toBe(1);
    expect(places('other').size).toBe(1);
    expect(places('one')).not.toEqual(places('other'));
  });

  it('repeats alone what was ended by the clock beside others, and calls red what is red', async () => {
    const judged = await judgedFix({ base, fix: { 'src/add.js': 'export const add = (a, b) => b + a;\n', ...MORE } });
    const memory = freshFolder('memory');
    Object.assign(judged.law.config.tests, { jobs: 2, env: { MEMORY: memory } });
    const once = (name: string, then: string) => `if mkdir "$MEMORY/${name}" 2>/dev/null; then ${then}; fi`;
    judged.law.scenarios = [
      scenario('slow at first', { test_command: once('slow', 'sleep 60'), kind: 'check', timeout: 1000 }),
      scenario('red at first', { test_command: once('red', 'exit 3'), kind: 'check' }),
    ];
    const { check: result } = await checkScenarios({ ...judged, touched: [], radius: [], environmentKey: 'e' });
    expect(result.findings).toEqual([]);
    const exits = (name: string) =>
      result.evidence.filter(({ command }) => command.includes(name)).map(({ exit }) => exit);
    expect(exits('/slow')).toEqual([0, 0, 0]);
    expect(exits('/red')).toEqual([3, 0, 0]);
  });
});

describe('runScenarios', () => {
  it('tells every status', async () => {
    const judged = await judgedFix({
      base: {
        ...base,
        'test/red.test.js': suite(`test('red', () => assert.equal(1, 2));`),
        'test/slow.test.js': suite(`test('slow', () => new Promise((r) => setTimeout(r, 60_000)));`),
      },
      fix: { 'src/add.js': 'export const add = (a, b) => a + b || 1;\n', 'test/new.test.js': suite(ADDS) },
    });
    const one = (file: string) => `node --test test/${file}.test.js`;
    judged.law.scenarios = [
      scenario('passes', { test_command: `${one('add')} --test-name-pattern=adds`, tags: ['x'] }),
      scenario('fails', { test_command: one('add') }),
      scenario('known', { test_command: one('red') }),
      scenario('slow', { test_command: one('slow'), timeout: 700 }),
      scenario('documented'),
      scenario('broken', { test_command: 'no-such-program' }),
    ];
    judged.law.scenarios[0] = scenario('passes', {
      test_command: 'node --test --test-name-pattern=adds test/add.test.js',
      tags: ['x'],
    });
    const added = [scenario('mine', { test_command: one('new') }), scenario('evil', { test_command: 'node -e 1' })];
    const input = { ...judged, added, baseTree: judged.trees.base, tree: judged.trees.fix, environmentKey: 'e' };
    const ids = ['passes', 'fails', 'known', 'slow', 'documented', 'broken', 'mine', 'evil'];
    const results = await runScenarios({ ...input, selection: { ids } });
    expect(Object.fromEntries(results.map(({ id, status }) => [id, status]))).toEqual({
      passes: 'passed',
      fails: 'failed',
      known: 'already_failing',
      slow: 'timed_out',
      documented: 'unproven',
      broken: 'error',
      mine: 'passed',
      evil: 'error',
    });
    expect(await runScenarios({ ...input, selection: { tags: ['x'] } })).toMatchObject([
      { id: 'passes', counts: { passed: 1 } },
    ]);
  });
});
