#!/usr/bin/env node
/** Writes the runs of `legitimate/` and their index anew: `node test/corpus/guards/write-legitimate.mjs`. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromSource } from './from-source.mjs';

const folder = join(import.meta.dirname, 'legitimate');
const { legitimateRuns } = await fromSource(
  'legitimate/generate/runs.ts',
  () => import('./legitimate/generate/runs.ts'),
);
for (const name of readdirSync(folder)) if (name.endsWith('.jsonl')) rmSync(join(folder, name));
const index = legitimateRuns().map(({ text, ...entry }) => {
  writeFileSync(join(folder, entry.file), text);
  return JSON.stringify(entry);
});
writeFileSync(join(folder, 'index.jsonl'), `${index.join('\n')}\n`);
console.log(`${index.length} runs`);
