#!/usr/bin/env node
/** Writes the runs of `held-out/` and their index anew: `node test/corpus/guards/write-held-out.mjs`. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromSource } from './from-source.mjs';

const folder = join(import.meta.dirname, 'held-out');
const { writeHeldOut } = await fromSource('held-out/writing/all.ts', () => import('./held-out/writing/all.ts'));
const files = writeHeldOut();
for (const old of readdirSync(folder)) if (old.endsWith('.jsonl') && !files.has(old)) rmSync(join(folder, old));
for (const [file, text] of files) writeFileSync(join(folder, file), text);
console.log(`${files.size - 1} runs`);
