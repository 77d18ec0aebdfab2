#!/usr/bin/env node
/** Runs the benchmarks: `node bench/run.mjs [NAME…]`; without a name all of bench/*.ts. Exit code 1 when a limit is broken. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ownFolder } from '../bin/own-folder.mjs';

const folder = import.meta.dirname;
/** Inside the project, so that the packages left outside the bundle are found. */
const output = join(folder, '..', '.tmp', `bench-${process.pid}`);

const known = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3));
const names = process.argv.length > 2 ? process.argv.slice(2) : known;
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  process.exit(2);
}

let failed = false;
try {
  mkdirSync(output, { recursive: true });
  for (const name of names) {
    const outfile = join(output, `${name}.mjs`);
    await build({
      entryPoints: [join(folder, `${name}.ts`)],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      sourcemap: 'inline',
      logLevel: 'warning',
      plugins: [ownFolder],
    });
    console.log(`\n# ${name}`);
    const { status } = spawnSync(process.execPath, ['--enable-source-maps', outfile], { stdio: 'inherit' });
    failed ||= status !== 0;
  }
} finally {
  rmSync(output, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
