/**
 * Installs the Claude Code client that the end-to-end tests and the demo drive into `test/e2e/client/node_modules`,
 * exactly as its lock file says. Quick when it is already there: a stamp holds the digest of the lock file it was made from.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'client');
const stamp = join(folder, 'node_modules', '.installed-from');
const windows = process.platform === 'win32';
const client = join(folder, 'node_modules', '.bin', windows ? 'claude.cmd' : 'claude');
const wanted = createHash('sha256')
  .update(readFileSync(join(folder, 'package.json')))
  .update(readFileSync(join(folder, 'package-lock.json')))
  .update(`${process.platform}-${process.arch}`)
  .digest('hex');

if (!upToDate()) install();

function upToDate() {
  return existsSync(client) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

function install() {
  const { version } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages[
    'node_modules/@anthropic-ai/claude-code'
  ];
  process.stderr.write(`Installing Claude Code ${version} for the end-to-end tests (once)...\n`);
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    encoding: 'utf8',
    shell: windows,
    timeout: 600_000,
  });
  if (npm.error !== undefined || npm.status !== 0)
    fail(
      npm.error?.message ?? `npm ci ended with ${npm.status ?? npm.signal}.\n${npm.stderr}`,
      `Check the network and your npm settings, then run: node test/e2e/install-client.mjs`,
    );
  const probe = spawnSync(client, ['--version'], { encoding: 'utf8', shell: windows, timeout: 60_000 });
  if (probe.status !== 0 || !probe.stdout.startsWith(version))
    fail(
      `The client was installed but \`claude --version\` answered: ${probe.stdout}${probe.stderr}${probe.error?.message ?? ''}`,
      `Its install script must be allowed to run, and its package for ${process.platform}-${process.arch} must be in the registry you use.`,
    );
  writeFileSync(stamp, wanted);
}

/** @param {string} what @param {string} next @returns {never} */
function fail(what, next) {
  process.stderr.write(`Claude Code could not be installed into test/e2e/client: ${what}\n${next}\n`);
  process.exit(1);
}
