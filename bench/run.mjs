#!/usr/bin/env node
/** Runs the benchmarks: `node bench/run.mjs [NAME…]`; without a name all of bench/*.ts. Exit code 1 when a limit is broken. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const folder = import.meta.dirname;
/** Inside the project, so that the packages left outside the bundle are found. */
const output = join(folder, '..', '.tmp', `bench-${process.pid}`);

/** In the bundle every file keeps the folder that it was written in. */
const ownFolder = {
  name: 'own-folder',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/, namespace: 'file' }, ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      const text = readFileSync(path, 'utf8');
      return { contents: text.replaceAll('import.meta.dirname', JSON.stringify(dirname(path))), loader: 'ts' };
    });
  },
};

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
