import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeOver } from '../../../context/edit/write-over.ts';
import { temporaryFolder } from '../temporary.ts';

it('replaces only what the new text was made from, and keeps the mode', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a.yaml');
  writeFileSync(path, 'old');
  chmodSync(path, 0o640);
  expect(writeOver(path, Buffer.from('other'), 'new')).toBe('changed');
  expect(writeOver(path, undefined, 'new')).toBe('changed');
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(writeOver(path, Buffer.from('old'), 'new')).toBe('written');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(['a.yaml']);
});

it('makes a file that is not there, and none that a person has just taken away', () => {
  const path = join(temporaryFolder(), 'deep', 'a.yaml');
  expect(writeOver(path, Buffer.from('gone'), 'new')).toBe('changed');
  expect(existsSync(path)).toBe(false);
  expect(writeOver(path, undefined, 'new')).toBe('written');
  expect(readFileSync(path, 'utf8')).toBe('new');
});

it('takes away what a killed edit left beside the file, and nothing else', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a.yaml');
  const others = ['a.yaml.bak', 'a.yaml.1-xyz.tmp', 'b.yaml.12-0123abcd.tmp'];
  for (const name of [...others, 'a.yaml.12-0123abcd.tmp']) writeFileSync(join(folder, name), '');
  writeOver(path, undefined, 'new');
  expect(readdirSync(folder).toSorted()).toEqual(['a.yaml', ...others].toSorted());
});
