#!/usr/bin/env node
/**
 * Builds what ships: the one-file bundles in dist/ and the folder plugin/ that a user's machine receives.
 * `--check` builds into memory and fails when the committed files differ.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const bundles = ['cli', 'server', 'hook'];
/** What plugin/ holds besides dist/: copies of the root's files, so that the root is a complete plugin as well. */
const copied = [
  '.claude-plugin/plugin.json',
  '.mcp.json',
  'agents',
  'commands',
  'hooks/hooks.json',
  'bin/launch',
  'bin/self-healing',
  'context/schema',
  'demo/samples/node-orders',
  'LICENSE',
];

function filesUnder(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full).flatMap((name) => filesUnder(join(path, name)));
}

async function bundle(name) {
  const result = await build({
    entryPoints: [join(root, 'bin', `${name}.ts`)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    external: ['better-sqlite3'],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'eof',
    logLevel: 'warning',
    absWorkingDir: root,
    banner: { js: 'const __bundleUrl=require("node:url").pathToFileURL(__filename).href;' },
    define: {
      'import.meta.url': '__bundleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
  });
  return result.outputFiles[0].contents;
}

/** Path (relative to the root) → content of every file that the build writes. */
async function outputs() {
  const files = new Map();
  for (const name of bundles) {
    const contents = Buffer.from(await bundle(name));
    files.set(`dist/${name}.cjs`, contents);
    files.set(`plugin/dist/${name}.cjs`, contents);
  }
  for (const path of copied.flatMap(filesUnder)) files.set(join('plugin', path), readFileSync(join(root, path)));
  return files;
}

const wanted = await outputs();
const present = ['dist', 'plugin'].flatMap(filesUnder);

if (process.argv.includes('--check')) {
  const stale = [...wanted]
    .filter(([path, contents]) => !existsSync(join(root, path)) || !readFileSync(join(root, path)).equals(contents))
    .map(([path]) => path);
  const extra = present.filter((path) => !wanted.has(path));
  if (stale.length + extra.length > 0) {
    for (const path of stale) console.error(`differs from a fresh build: ${path}`);
    for (const path of extra) console.error(`is not part of the build: ${path}`);
    console.error('Run `npm run build` and commit the result.');
    process.exit(1);
  }
  console.log(`dist/ and plugin/ are fresh (${wanted.size} files).`);
} else {
  for (const path of present) if (!wanted.has(path)) rmSync(join(root, path));
  for (const [path, contents] of wanted) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents);
    if (relative('plugin/bin', path).startsWith('..') === false) chmodSync(target, 0o755);
  }
  const size = [...wanted]
    .filter(([path]) => path.startsWith('plugin/'))
    .reduce((sum, [, contents]) => sum + contents.length, 0);
  console.log(`Built ${wanted.size} files; plugin/ is ${(size / 1e6).toFixed(1)} MB.`);
}
