import { expect, it } from 'vitest';
import { carryAdditions } from '../../../context/edit/carry-additions.ts';

const own = 'version: "1.0"\nmodule: a # ours\nscenarios:\n  - id: S001\n';
const added = (id: string, name = id) => `  # about ${id}\n  - id: ${id}\n    name: ${name}\n`;

it('adds what the fix added, with the comment above it, to what is there now', () => {
  const [fix, onto] = [own + added('S002') + added('S003'), `# new head\n${own}${added('S004')}`];
  expect(carryAdditions({ from: own, fix, onto })).toBe(onto + added('S002') + added('S003'));
  expect(carryAdditions({ from: '', fix: own.replace('S001', 'S009'), onto: own })).toBe(`${own}  - id: S009\n`);
  const edges = (...all: string[]) => `edges:\n${all.map((to) => `  - { from: a, to: ${to} }\n`).join('')}`;
  expect(carryAdditions({ from: edges('b'), fix: edges('b', 'c'), onto: edges('b', 'd') })).toBe(
    `${edges('b', 'd')}  - from: a\n    to: c\n`,
  );
});

it.each([
  ['the same id with something else', own + added('S002'), own + added('S002', 'other')],
  ['an entry that the fix changed', own.replace('S001', 'S005'), own + added('S004')],
  ['another key that the fix changed', own.replace('module: a', 'module: b') + added('S002'), own + added('S004')],
  ['what is no YAML any more', own + added('S002'), 'scenarios: [\n'],
])('leaves %s to a person', (_, fix, onto) => {
  expect(carryAdditions({ from: own, fix, onto })).toBeUndefined();
});
