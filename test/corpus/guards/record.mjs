#!/usr/bin/env node
/** Records the runs of `recorded/` with the real client: `node test/corpus/guards/record.mjs [SCENE…]`. */
import { fromSource } from './from-source.mjs';

const { record } = await fromSource('record.ts', () => import('./record.ts'));
await record(process.argv.slice(2));
