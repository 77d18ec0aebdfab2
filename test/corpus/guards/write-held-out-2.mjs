#!/usr/bin/env node
/** Writes the runs of `held-out-2/` and their index anew: `node test/corpus/guards/write-held-out-2.mjs`. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromSource } from './from-source.mjs';

const folder = join(import.meta.dirname, 'held-out-2');
const { writeHeldOut2 } = await fromSource('held-out-2/writing/all.ts', () => import('./held-out-2/writing/all.ts'));
const files = writeHeldOut2();
for (const old of readdirSync(folder)) if (old.endsWith('.jsonl') && !files.has(old)) rmSync(join(folder, old));
for (const [file, text] of files) writeFileSync(join(folder, file), text);
console.log(`${files.size - 1} runs`);
