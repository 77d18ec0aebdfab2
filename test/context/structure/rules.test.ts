import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { composeLaw } from '../../../context/law/compose.ts';
import { LANGUAGES } from '../../../context/structure/languages.ts';
import { structuralRules } from '../../../context/structure/rules.ts';
import { openSearch } from '../../../context/structure/search.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/rules.md'), 'utf8');

it('are those of the page, whose samples are law and parse in their language', () => {
  const samples = [...page.matchAll(/```yaml\n# (\S+)\n([\s\S]*?)```/g)];
  const laws = samples.map(([, path = '', text = '']) => composeLaw(new Map([[path, Buffer.from(text)]])));
  expect(laws.flatMap(({ problems }) => problems)).toEqual([]);
  const rules = laws.flatMap(structuralRules);
  expect(rules.map(({ of }) => of)).toEqual([
    'Invariant INV-001',
    'Invariant INV-002',
    'Invariant INV-003',
    'The anti-pattern of INC-0000000000000001',
  ]);
  expect(rules.map((rule) => openSearch(rule).status)).toEqual(rules.map(() => 'ready'));
  expect(laws.flatMap(({ invariants }) => invariants.map(({ id }) => id))).toContain('INV-004');
});

it('may be in every language that the page names', () => {
  const listed = /^Languages: ([\s\S]*?), and their/m.exec(page)?.[1] ?? '';
  const named = [...listed.matchAll(/`(\S+)`/g)].map(([, name = '']) => name);
  expect(named.map((name) => LANGUAGES.findIndex(({ names }) => names.includes(name)))).toEqual(
    LANGUAGES.map((_, at) => at),
  );
});
