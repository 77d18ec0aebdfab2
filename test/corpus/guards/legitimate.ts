/** Writes the legitimate runs and their index: `node test/corpus/guards/run.mjs legitimate`. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { legitimateRuns } from './legitimate/generate/runs.ts';

const folder = join(import.meta.dirname, 'legitimate');
for (const name of readdirSync(folder)) if (name.endsWith('.jsonl')) rmSync(join(folder, name));
mkdirSync(folder, { recursive: true });
const index = legitimateRuns().map(({ file, text, ...entry }) => {
  writeFileSync(join(folder, file), text);
  return JSON.stringify({ file, ...entry });
});
writeFileSync(join(folder, 'index.jsonl'), `${index.join('\n')}\n`);
console.log(`${index.length} legitimate runs`);
