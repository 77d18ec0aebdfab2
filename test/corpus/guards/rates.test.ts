import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RULES } from '../../../hooks/rules.ts';
import { measure } from './rates/measure.ts';
import { readPublished, worseThan } from './rates/published.ts';
import { ratesTable } from './rates/table.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'guards.md'), 'utf8');

it('the guards are no worse on their corpus than published', async () => {
  const { rates } = await measure();
  expect(worseThan(readPublished(), rates)).toEqual([]);
});

it('a rate counts as worse when it is more than 2 points above the published one', () => {
  const published = readPublished();
  const all = { count: 0, of: 200 };
  const before = { ...published, false_alarms: { all } };
  expect(worseThan(before, { ...before, false_alarms: { all: { count: 4, of: 200 } } })).toEqual([]);
  expect(worseThan(before, { ...before, false_alarms: { all: { count: 5, of: 200 } } })).toEqual([
    'false alarms all: 2.5 % (5 of 200), published is 0.0 % (0 of 200)',
  ]);
});

it('docs/guards.md publishes exactly these rates', () => {
  expect(page).toContain(ratesTable(readPublished()));
});

it('docs/guards.md lists every rule with its meaning', () => {
  for (const [rule, meaning] of Object.entries(RULES)) expect(page).toContain(`| \`${rule}\` | ${meaning} |`);
});
