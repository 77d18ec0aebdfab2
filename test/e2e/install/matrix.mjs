/**
 * `npm run test:install`, run by hand before a release, on Node.js 20 (needs the package registry, takes some minutes): every
 * way to install on every Node.js, with machines that lack something, and the real installation of SQLite's native part.
 * Prints the table for docs/install.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'install-matrix-'));
const SELF_HEALING_INSTALL_TABLE = join(folder, 'table.jsonl');
const [major] = process.versions.node.split('.');
if (major !== '20') throw new Error(`This is Node.js ${major}: run it on 20, which needs the most.`);

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'e2e', 'test/e2e/install'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SELF_HEALING_INSTALL_TABLE },
});

/** @type {{ node: string, way: string, seconds?: number, bytes?: number }[]} */
const rows = readFileSync(SELF_HEALING_INSTALL_TABLE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
rmSync(folder, { recursive: true });

const nodes = ['20', '22', '24'];
const line = (/** @type {string[]} */ cells) => console.log(`| ${cells.join(' | ')} |`);
console.log(`\n${new Date().toISOString().slice(0, 10)}, ${process.platform} ${process.arch}\n`);
line(['', ...nodes.map((node) => `Node.js ${node}`)]);
line(['---', ...nodes.map(() => '---')]);
for (const way of new Set(rows.map((row) => row.way)))
  line([
    way,
    ...nodes.map((node) => {
      const row = rows.find((one) => one.way === way && one.node === node);
      if (row === undefined) return '';
      const size = row.bytes === undefined ? [] : [`${(row.bytes / 1e6).toFixed(1)} MB`];
      return row.seconds === undefined ? 'works' : [`${row.seconds.toFixed(1)} s`, ...size].join(', ');
    }),
  ]);
process.exit(status ?? 1);
