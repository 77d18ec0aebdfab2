import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { legitimateRuns } from './legitimate/generate/runs.ts';

const folder = join(import.meta.dirname, 'legitimate');

it('holds what its generator writes, at least 160 runs and at most 5 of one pattern', () => {
  const runs = legitimateRuns();
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl') && name !== 'index.jsonl');
  expect(files.sort()).toEqual(runs.map(({ file }) => file).sort());
  for (const { file, text } of runs) expect(readFileSync(join(folder, file), 'utf8') === text, file).toBe(true);
  const index = runs.map(({ text: _, ...entry }) => JSON.stringify(entry)).join('\n');
  expect(readFileSync(join(folder, 'index.jsonl'), 'utf8')).toBe(`${index}\n`);

  const variants = new Map<string, number>();
  for (const { pattern } of runs) variants.set(pattern, (variants.get(pattern) ?? 0) + 1);
  expect(runs.length).toBeGreaterThanOrEqual(160);
  expect(variants.size).toBeGreaterThanOrEqual(35);
  expect(Math.max(...variants.values())).toBeLessThanOrEqual(5);
});

it('tells in no run what it is', () => {
  for (const { file, text, pattern } of legitimateRuns()) {
    expect(text, file).not.toMatch(/legitimate|"label"|loop\./);
    expect(text.includes(pattern), file).toBe(false);
  }
});
