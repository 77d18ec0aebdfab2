/**
 * Node.js of the versions that users have, as single programs without npm: `nodeOf('22')` is the path of one. Brought once
 * through the package `node` into `.tmp/` of the project; the version that runs this is taken as it is.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', '..', '..', '.tmp', 'nodes');
const [running = ''] = process.versions.node.split('.');

export function nodeOf(major: string): string {
  const name = major === running ? process.versions.node : major;
  const file = join(folder, name, 'node');
  if (!existsSync(file)) bring(major, name);
  return file;
}

function bring(major: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(folder, 'new-'));
  let program = process.execPath;
  if (major !== running) {
    const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', scratch, `node@${major}`];
    const npm = spawnSync('npm', args, { encoding: 'utf8', timeout: 300_000 });
    program = join(scratch, 'node_modules', 'node', 'bin', 'node');
    if (npm.status !== 0 || !existsSync(program))
      throw new Error(`Node.js ${major} cannot be brought by \`npm ${args.join(' ')}\`: ${npm.stderr || npm.error}`);
  }
  mkdirSync(join(scratch, 'whole'));
  copyFileSync(program, join(scratch, 'whole', 'node'));
  try {
    renameSync(join(scratch, 'whole'), join(folder, name));
  } catch (error) {
    // Two test files may come here at once: the first one's stays.
    if (!existsSync(join(folder, name, 'node'))) throw error;
  }
  rmSync(scratch, { recursive: true, force: true });
}
