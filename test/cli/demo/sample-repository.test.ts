import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSample, type SampleName } from '../../../cli/demo/sample-repository.ts';
import { readWorkingLaw } from '../../../context/law.ts';
import { normalize } from '../../../events/normalize.ts';

const SAMPLES: {
  name: SampleName;
  error: string;
  innermost: RegExp;
  place: { file: string; function: string };
  tests: string[];
  cases: RegExp;
}[] = [
  {
    name: 'node-orders',
    error: "TypeError: Cannot read properties of undefined (reading 'tenantId')",
    innermost: /at tenantOf \(file:.*\/src\/tenant-context\.js:\d+:\d+\)/,
    place: { file: 'src/tenant-context.js', function: 'tenantOf' },
    tests: [process.execPath, '--test', '--test-reporter=tap'],
    cases: /\n# pass 20\n# fail 0\n/,
  },
  {
    name: 'typescript-billing',
    error: "TypeError: Cannot read properties of undefined (reading 'cents')",
    innermost: /at priceOf \(.*\/src\/prices\.ts:\d+:\d+\)/,
    place: { file: 'src/prices.ts', function: 'priceOf' },
    tests: ['npm', 'test'],
    cases: /17 passed/,
  },
  {
    name: 'python-inventory',
    error: "AttributeError: 'NoneType' object has no attribute 'quantity'",
    innermost: /File ".*\/inventory\/stock\.py", line \d+, in level/,
    place: { file: 'inventory/stock.py', function: 'level' },
    tests: ['python3', '-m', 'pytest', '-p', 'no:cacheprovider'],
    cases: /24 passed/,
  },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samples und mehr-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(SAMPLES)('$name', ({ name, error, innermost, place, tests, cases }) => {
  it('is a clean repository whose service really fails three times, the same way each time', async () => {
    const { root, log, logFile, origin } = await createSample(name, join(folder, name), { origin: true });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
    expect(git('status', '--porcelain', '--ignored=no')).toBe('');
    expect(git('rev-parse', 'main')).toBe(git('--git-dir', origin ?? '', 'rev-parse', 'main'));
    expect(git('ls-files')).toContain('.self-healing/scenarios/');
    expect(existsSync(logFile)).toBe(true);

    const stacks = log.split('\n').filter((line) => line === error);
    expect(stacks).toHaveLength(3);
    const places = [...log.matchAll(new RegExp(innermost, 'g'))].map(([place]) => place);
    expect(new Set(places).size).toBe(1);
    // Node writes file: URLs, percent-encoded.
    expect(decodeURI(places[0] ?? '')).toContain(root);
  });

  it('is understood by the product: a law without problems, one error seen three times', async () => {
    const root = join(folder, name, name);
    expect((await readWorkingLaw(root)).problems).toEqual([]);
    const log = readFileSync(`${root}.log`, 'utf8');
    const events = normalize('log', log, { now: new Date(), root });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ count: 3, ...place });
    expect(`${events[0]?.type}: ${events[0]?.message}`).toBe(error);
  });

  it('has a green test suite that knows nothing of the bug', () => {
    const [program = '', ...args] = tests;
    const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, VITEST: ___, ...env } = process.env;
    const output = execFileSync(program, args, {
      cwd: join(folder, name, name),
      env: { ...env, NO_COLOR: '1', PYTHONDONTWRITEBYTECODE: '1' },
      encoding: 'utf8',
    });
    expect(output).toMatch(cases);
  });
});

it('never writes into a folder that is there already', async () => {
  await expect(createSample('node-orders', join(folder, 'node-orders'))).rejects.toThrow('exists already');
});

it('commits an overlay with the sample', async () => {
  const { root } = await createSample('node-orders', join(folder, 'overlay'), {
    overlay: { '.self-healing/config.yaml': 'version: "1.0"\n', 'src/new/file.js': 'export {};\n' },
  });
  expect(execFileSync('git', ['show', 'HEAD:src/new/file.js'], { cwd: root, encoding: 'utf8' })).toBe('export {};\n');
});
