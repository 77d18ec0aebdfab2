import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readWorkingLaw } from '../../context/law.ts';
import { startFix } from '../../healer/fixes/start-fix.ts';
import { learn } from '../../healer/learn.ts';
import { reported } from './sample-fix.ts';
import { benchOn, commit, sampleBench } from './sample-repository.ts';

const test = (name: string, from: string, body = 'assert.ok(value)') =>
  `import test from 'node:test';\nimport assert from 'node:assert';\nimport { value } from '${from}';\ntest('${name}', () => ${body});\n`;

const FILES = {
  'package.json': '{ "type": "module" }\n',
  'src/cart.mjs': 'export const value = 1;\n',
  'src/rates.mjs': 'export const value = 2;\n',
  'src/stock.mjs': 'export const value = 3;\n',
  'test/cart.test.mjs': test('a cart has a total', '../src/cart.mjs'),
  'test/stock.test.mjs': test('stock is never four', '../src/stock.mjs', 'assert.equal(value, 4)'),
  '.self-healing/config.yaml': 'version: "1.0"\ntests: { command: node --test }\n',
  '.self-healing/invariants.yaml':
    '# ours\nversion: "1.0"\ninvariants:\n  - { id: INV-004, rule: r, severity: warning }   # keep\n',
};

async function project(more: Record<string, string> = {}) {
  const sample = await sampleBench({ ...FILES, ...more });
  commit(
    sample.root,
    {
      'src/rates.mjs': 'export const value = 20;\n',
      'test/rates.test.mjs': test('a missing zone costs nothing', '../src/rates.mjs'),
    },
    'Fix the crash of shipping\trates for an unknown zone',
  );
  const read = (path: string) => readFileSync(join(sample.root, path), 'utf8');
  return { ...sample, read };
}

describe('learn', () => {
  it('drafts scenarios from tests and past fixes, each green now and with its origin, and names what is red', async () => {
    const { bench, root, read } = await project();
    const { drafts, left_out } = await learn(bench);
    expect(drafts.map(({ id, says, from }) => [id, says, from])).toEqual([
      ['S001', 'a missing zone costs nothing', expect.stringMatching(/^commit [0-9a-f]{12}$/)],
      ['S002', 'a cart has a total', 'test/cart.test.mjs:1'],
    ]);
    expect(left_out).toEqual([{ what: 'test/stock.test.mjs', why: expect.stringContaining('not green') }]);
    const rates = read('.self-healing/scenarios/rates.yaml');
    expect(rates).toMatch(
      /# From commit [0-9a-f]{12} of \d{4}-\d\d-\d\d, a fix .* test\/rates\.test\.mjs; green when learn tried it/,
    );
    expect(parse(rates)).toMatchObject({
      module: 'rates',
      files: ['src/rates.mjs'],
      scenarios: [
        {
          id: 'S001',
          why: expect.stringMatching(
            /^held since a fix: Fix the crash of shipping rates for an unknown zone \([0-9a-f]{12}\)$/,
          ),
          test_command: 'node --test test/rates.test.mjs',
          proposed: true,
        },
      ],
    });
    expect(read('.self-healing/scenarios/cart.yaml')).toContain('# From test/cart.test.mjs, which no scenario names;');
    const law = await readWorkingLaw(root);
    expect(law.problems).toEqual([]);
    expect(law.scenarios.every(({ proposed }) => proposed === true)).toBe(true);
  }, 60_000);

  it('offers nothing twice: neither what is there, nor what was edited or deleted, also without its memory', async () => {
    const { bench, root, read } = await project();
    await learn(bench);
    const files = ['.self-healing/scenarios/rates.yaml', '.self-healing/scenarios/cart.yaml'] as const;
    const before = files.map(read);
    const again = await learn(bench);
    expect(again.drafts).toEqual([]);
    expect(files.map(read)).toEqual(before);

    // Deleted before it was ever committed: the state knows.
    const gone = 'version: "1.0"\nmodule: cart\nscenarios: []\n';
    commit(root, { [files[1]]: gone });
    expect(await learn(bench)).toMatchObject({ drafts: [], known: 1 });
    // Deleted after it was committed, in a clone without state: git knows.
    commit(root, { [files[0]]: 'version: "1.0"\nmodule: rates\nscenarios: []\n' });
    await bench.close();
    const later = await benchOn(bench.repository);
    later.db.run("DELETE FROM cache WHERE namespace = 'learned'");
    expect((await learn(later)).drafts.map(({ says }) => says)).toEqual(['a cart has a total']);
  }, 90_000);

  it('drafts rules from types and schemas that hold, beside what people wrote', async () => {
    const { bench, read } = await project({
      'src/status.ts':
        "// what an order is\nexport type Status = 'open' | 'paid';\nexport const first: Status = 'open';\n",
      'src/order.ts': "import type { Status } from './status.ts';\nexport const s: Status = 'open';\n",
      'src/input.ts': "import { z } from 'zod';\nexport const kind = z.enum(['sea', \"air\"]);\n",
      'openapi.yaml': 'openapi: 3.1.0\n',
      'schemas/order.json': '{ "$schema": "https://json-schema.org/draft/2020-12/schema" }\n',
    });
    const { drafts } = await learn(bench);
    const rules = drafts.filter(({ layer }) => layer === 'invariants');
    expect(rules.map(({ id, from, check }) => [id, from, check])).toEqual([
      ['INV-005', 'openapi.yaml:1', { unchanged: { paths: ['openapi.yaml'] } }],
      ['INV-006', 'schemas/order.json:1', { unchanged: { paths: ['schemas/order.json'] } }],
      ['INV-007', 'src/status.ts:2', { unchanged: { exports: 'src/status.ts' } }],
      ['INV-008', 'src/input.ts:2', { pattern: { regex: expect.stringContaining('sea'), must: 'match' } }],
    ]);
    const text = read('.self-healing/invariants.yaml');
    expect(text.startsWith(FILES['.self-healing/invariants.yaml'])).toBe(true);
    expect(text).toContain('# From src/status.ts:2, a fixed set of values, imported by one file; it holds now.');
    expect((await learn(bench)).drafts).toEqual([]);
  }, 60_000);

  it('does not go on where no test runs', async () => {
    const files = Object.fromEntries(
      [1, 2, 3, 4, 5, 6].map((n) => [`test/n${n}.test.mjs`, `import '../src/none.mjs';\n`]),
    );
    const changed = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, `// ${path}\n${text}`]));
    const { bench } = await sampleBench({ ...FILES, ...files, 'test/cart.test.mjs': '', 'test/stock.test.mjs': '' });
    commit(bench.repository.root, { ...changed, 'src/cart.mjs': 'export const value = 5;\n' }, 'fix: carts');
    const { drafts, left_out } = await learn(bench);
    expect(drafts).toEqual([]);
    expect(left_out.map(({ what }) => what)).toEqual([...Object.keys(files).slice(0, 4), 'more tests']);
    expect(left_out.at(-1)?.why).toContain('scenarios run --id S000');
  }, 60_000);

  it('needs the folder, and waits while a fix is open', async () => {
    const { bench } = await sampleBench({ 'a.txt': '' });
    await expect(learn(bench)).rejects.toMatchObject({ code: 'not_ready', next: expect.stringContaining('init') });
    const healing = await reported({ role: 'parent' });
    await startFix(healing.bench, { incident: healing.incident });
    await expect(learn(healing.bench)).rejects.toMatchObject({ code: 'not_allowed' });
  }, 60_000);
});
