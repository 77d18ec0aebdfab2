import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CODES } from '../../../context/lint/finding.ts';

it('has one row in docs/lint.md for every code, with its severity, meaning and fix', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/lint.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (.+) \| (.+) \|$/gm)];
  expect(rows.map(([, code, severity]) => [code, severity])).toEqual(
    Object.entries(CODES).map(([code, { severity }]) => [code, severity]),
  );
  for (const { fix } of Object.values(CODES)) expect(fix).toMatch(/^[A-Z].*\.$/);
});
