import { expect, it } from 'vitest';
import { buildGraph } from '../../../context/impact/graph.ts';
import { contracts } from '../../../context/learn/contracts.ts';

async function drafted(texts: Record<string, string>) {
  const sources = { files: Object.keys(texts).sort(), read: (path: string) => texts[path] };
  const { drafts, leftOut } = await contracts(sources, buildGraph(sources), (path) => path.startsWith('test/'));
  return { found: drafts.map(({ from, check }) => [from, Object.keys(check)[0]]), drafts, leftOut };
}

it('takes values that others import for a contract, and nothing that only its own file or a test knows', async () => {
  const status = "export type Status =\n  | 'open'\n  | 'paid';\n";
  const imports = "import type { Status } from '../src/status.ts';\nexport let s: Status;\n";
  expect((await drafted({ 'src/status.ts': status, 'src/b.ts': imports })).found).toEqual([
    ['src/status.ts:1', 'unchanged'],
  ]);
  expect((await drafted({ 'src/status.ts': status, 'test/b.test.ts': imports })).found).toEqual([]);
  const plain = 'export type Amount = number;\nexport function f(): void {}\n';
  expect((await drafted({ 'src/status.ts': plain, 'src/b.ts': imports })).found).toEqual([]);
  const broken = await drafted({ 'src/status.ts': `${status}export const = ;\n`, 'src/b.ts': imports });
  expect(broken).toMatchObject({ found: [], leftOut: [{ what: 'the exports of src/status.ts' }] });
});

it('writes the values of a zod enum as a pattern that a change of them breaks', async () => {
  const text = 'const kind = z\n  .enum([\n    \'sea\',\n    "a.b",\n  ]);\n';
  const { drafts } = await drafted({ 'src/input.ts': text });
  const regex = (drafts[0]?.check as { pattern: { regex: string } } | undefined)?.pattern.regex ?? '';
  expect(regex).not.toBe('');
  expect(new RegExp(regex, 'm').test(text)).toBe(true);
  for (const changed of [text.replace('sea', 'land'), text.replace('a.b', 'axb'), text.replace("'sea',", '')])
    expect(new RegExp(regex, 'm').test(changed)).toBe(false);
});

it('knows API descriptions and JSON Schemas by what they say they are', async () => {
  const schema = '{ "$schema": "x" }';
  const files = {
    'api/openapi.json': '{\n  "openapi": "3.1.0"\n}',
    'openapi-notes.yaml': 'notes: 1\n',
    'a.schema.json': schema,
  };
  expect(
    (await drafted({ ...files, 'schema/data.json': '{}', '.self-healing/.schema/config.json': schema })).found,
  ).toEqual([
    ['api/openapi.json:1', 'unchanged'],
    ['a.schema.json:1', 'unchanged'],
  ]);
});
