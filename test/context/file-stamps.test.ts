import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stillThere, takeStamps } from '../../context/file-stamps.ts';
import { write } from '../write.ts';
import { temporaryFolder } from './temporary.ts';

it('does not answer for what changed just now', () => {
  const folder = temporaryFolder();
  write(folder, { a: 'x' });
  expect(takeStamps([join(folder, 'a')])).toBeUndefined();
});

it('tells that something which was missing has come', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a');
  const stamps = takeStamps([path]);
  expect(stamps && stillThere(stamps)).toBe(true);
  writeFileSync(path, '');
  utimesSync(path, 0, 0);
  expect(stamps && stillThere(stamps)).toBe(false);
});
