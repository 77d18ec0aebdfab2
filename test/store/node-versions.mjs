#!/usr/bin/env node
/**
 * Run by hand (needs the package registry, takes minutes): the store's tests under other versions of Node, where
 * better-sqlite3 does not load and Node's own SQLite is used; and on this Node the real installation of the native part.
 *
 *   node test/store/node-versions.mjs [VERSION...]      default: 22 24, and the installation
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const asked = process.argv.slice(2);

for (const version of asked.length > 0 ? asked : ['22', '24']) {
  const args = ['-y', `node@${version}`, 'node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'test/store'];
  const { status } = spawnSync('npx', args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`The store's tests fail under Node ${version}.`);
}

if (asked.length === 0) {
  const folder = mkdtempSync(join(tmpdir(), 'self-healing-native-'));
  const outfile = join(folder, 'store.cjs');
  await build({
    entryPoints: [join(root, 'store/native-install.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['better-sqlite3'],
  });
  const open = `console.log(require(${JSON.stringify(outfile)}).installation(${JSON.stringify(folder)}).name)`;
  const started = Date.now();
  for (;;) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', open], { encoding: 'utf8' });
    const words = status === 0 ? stdout.trim() : /NativePartError: .*/.exec(stderr)?.[0];
    console.log(`${Math.round((Date.now() - started) / 1000)} s: ${words ?? stderr}`);
    if (status === 0) break;
    if (!words?.includes('is being installed')) throw new Error('The native part was not installed.');
    await sleep(3000);
  }
  rmSync(folder, { recursive: true });
}
