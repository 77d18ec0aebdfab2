#!/usr/bin/env node
/**
 * Builds what ships: the one-file bundles in dist/ and the folder plugin/ that a user's machine receives.
 * `--check` builds into memory and fails when the committed files differ, when the manifests disagree about the version,
 * or when the folder is larger than a user's machine is promised.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { englishOnly } from './english-only.mjs';
import { urlOfNode } from './url-of-node.mjs';

const root = join(import.meta.dirname, '..');
/** What an installation may bring; the limit of the project's promise to users. */
const MAX_BYTES = 10_000_000;
const bundles = ['cli', 'server', 'hook', 'watch'];
/** The large ones have their local names shortened: stacks still say the names of functions, and a fifth of the bytes goes. */
const shortened = new Set(['cli', 'server']);
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
    plugins: [englishOnly, urlOfNode],
    minifySyntax: true,
    minifyWhitespace: true,
    minifyIdentifiers: shortened.has(name),
    keepNames: shortened.has(name),
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

/** What is wrong with the manifests: every client and registry reads another one of them. */
function disagreements() {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const { name, version } = read('package.json');
  const lock = read('package-lock.json');
  const [entry, ...more] = read('.claude-plugin/marketplace.json').plugins;
  const said = {
    'package-lock.json': lock.version,
    'package-lock.json (packages)': lock.packages[''].version,
    '.claude-plugin/plugin.json': read('.claude-plugin/plugin.json').version,
    // Optional there; where it stands, clients believe it.
    '.claude-plugin/marketplace.json': entry.version ?? version,
  };
  const versions = Object.entries(said)
    .filter(([, other]) => other !== version)
    .map(([path, other]) => `${path} says version ${other}, package.json says ${version}`);
  const named = entry.name === name && entry.source === './plugin' && more.length === 0;
  return named ? versions : [...versions, `.claude-plugin/marketplace.json must offer ${name} from ./plugin, alone`];
}

const wanted = await outputs();
const present = ['dist', 'plugin'].flatMap(filesUnder);
const size = [...wanted]
  .filter(([path]) => path.startsWith('plugin/'))
  .reduce((sum, [, contents]) => sum + contents.length, 0);
const isProgram = (path) => path.startsWith(join('plugin', 'bin'));

if (process.argv.includes('--check')) {
  const stale = [...wanted]
    .filter(([path, contents]) => !existsSync(join(root, path)) || !readFileSync(join(root, path)).equals(contents))
    .map(([path]) => path);
  const extra = present.filter((path) => !wanted.has(path));
  const locked = present.filter((path) => isProgram(path) && (statSync(join(root, path)).mode & 0o111) === 0);
  const wrong = disagreements();
  if (size > MAX_BYTES) wrong.push(`plugin/ is ${(size / 1e6).toFixed(1)} MB, allowed are ${MAX_BYTES / 1e6} MB`);
  for (const path of stale) console.error(`differs from a fresh build: ${path}`);
  for (const path of extra) console.error(`is not part of the build: ${path}`);
  for (const path of locked) console.error(`is not executable: ${path}`);
  for (const text of wrong) console.error(text);
  if (stale.length + extra.length + locked.length > 0) console.error('Run `npm run build` and commit the result.');
  if (stale.length + extra.length + locked.length + wrong.length > 0) process.exit(1);
  console.log(`dist/ and plugin/ are fresh (${wanted.size} files, plugin/ is ${(size / 1e6).toFixed(1)} MB).`);
} else {
  for (const path of present) if (!wanted.has(path)) rmSync(join(root, path));
  for (const [path, contents] of wanted) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents);
    if (isProgram(path)) chmodSync(target, 0o755);
  }
  console.log(`Built ${wanted.size} files; plugin/ is ${(size / 1e6).toFixed(1)} MB.`);
}
