/** Loads a TypeScript module of this folder for a script run by hand, on Node versions that cannot read it, too. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ownFolder } from '../../../bin/own-folder.mjs';

/** `native` imports the module where Node strips types itself; `path`, from this folder, is bundled elsewhere. */
export async function fromSource(path, native) {
  if (process.features.typescript) return native();
  // Inside the project, so that the packages left outside the bundle are found.
  const folder = join(import.meta.dirname, '..', '..', '..', '.tmp', `corpus-${process.pid}`);
  const outfile = join(folder, 'module.mjs');
  mkdirSync(folder, { recursive: true });
  try {
    const entryPoints = [join(import.meta.dirname, path)];
    const plugins = [ownFolder];
    await build({ entryPoints, outfile, plugins, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
