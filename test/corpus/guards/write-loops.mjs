#!/usr/bin/env node
/** Writes the runs of `loops/` and their index anew: `node test/corpus/guards/write-loops.mjs`. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromSource } from './from-source.mjs';

const folder = join(import.meta.dirname, 'loops');
const { writeLoops } = await fromSource('loops/writing/all.ts', () => import('./loops/writing/all.ts'));
const files = writeLoops();
for (const old of readdirSync(folder)) if (old.endsWith('.jsonl') && !files.has(old)) rmSync(join(folder, old));
for (const [file, text] of files) writeFileSync(join(folder, file), text);
console.log(`${files.size - 1} runs`);
