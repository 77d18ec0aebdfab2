import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCases } from './case.ts';
import { measure } from './measure.ts';
import { readPublished, tables, worseThan } from './published.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'tampering.md'), 'utf8');

describe.each([
  ['cases', 'now'],
  ['held-out', 'held_out'],
] as const)('the labelled changes of %s', (folder, set) => {
  it('are judged no worse than published', { timeout: 180_000 }, async () => {
    const { rates, misses, falseAlarms } = await measure(folder);
    for (const line of [...misses.map((one) => `missed ${one}`), ...falseAlarms.map((one) => `false alarm ${one}`)])
      console.log(line);
    expect(worseThan(readPublished()[set], rates)).toEqual([]);
  });
});

it('the corpus holds enough of every label, and no name twice', () => {
  const cases = [...readCases('cases'), ...readCases('held-out')];
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  const of = (label: string) => cases.filter((one) => one.label === label).length;
  expect(of('tampering')).toBeGreaterThanOrEqual(60);
  expect(of('anti_pattern')).toBeGreaterThanOrEqual(20);
  expect(of('honest')).toBeGreaterThanOrEqual(40);
});

it('a rate counts as worse when it is more than 2 points above the published one', () => {
  const published = readPublished().now;
  const measured = (count: number) => ({ ...published, missed: { all: { count, of: 200 } } });
  expect(worseThan(measured(0), measured(4))).toEqual([]);
  expect(worseThan(measured(0), measured(5))).toEqual(['missed all: 2.5 % (5 of 200), published is 0.0 % (0 of 200)']);
});

it('docs/tampering.md publishes exactly these rates', () => {
  for (const table of tables(readPublished())) expect(page).toContain(table);
});
