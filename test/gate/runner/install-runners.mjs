/**
 * Installs the foreign test runners that the gate's tests drive for real (jest, mocha, ava, tape) into
 * `test/gate/runner/runners/node_modules`, exactly as its lock file says. Quick when they are already there: a stamp holds
 * the digest of the lock file they were made from. Several test processes may call it at once.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'runners');
const stamp = join(folder, 'node_modules', '.installed-from');
const lock = join(folder, '.installing');
const wanted = createHash('sha256')
  .update(readFileSync(join(folder, 'package-lock.json')))
  .digest('hex');

const upToDate = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
const STALE_MS = 300_000;

while (!upToDate()) {
  try {
    mkdirSync(lock);
  } catch {
    if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > STALE_MS)
      rmSync(lock, { recursive: true, force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    continue;
  }
  try {
    install();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function install() {
  process.stderr.write('Installing jest, mocha, ava and tape for the tests of the gate (once)...\n');
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: STALE_MS,
  });
  if (npm.error !== undefined || npm.status !== 0) {
    rmSync(lock, { recursive: true, force: true });
    process.stderr.write(
      `The runners could not be installed: ${npm.error?.message ?? npm.stderr}\nCheck the network and your npm settings, then run: node test/gate/runner/install-runners.mjs\n`,
    );
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
