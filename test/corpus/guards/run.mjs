#!/usr/bin/env node
/** Runs a script of this folder that is written in TypeScript: `node test/corpus/guards/run.mjs NAME [ARGUMENT…]`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const folder = import.meta.dirname;
/** Inside the project, so that the packages left outside the bundle are found. */
const output = join(folder, '..', '..', '..', '.tmp', `corpus-${process.pid}`);

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

const [name, ...rest] = process.argv.slice(2);
try {
  mkdirSync(output, { recursive: true });
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
  process.exitCode =
    spawnSync(process.execPath, ['--enable-source-maps', outfile, ...rest], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(output, { recursive: true, force: true });
}
