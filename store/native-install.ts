/**
 * Installs better-sqlite3 with its native part into a data folder, once, by a detached `npm` that outlives us. Nothing
 * waits for it: whoever opens a database next finds npm still running (not ready), ended well (the finished folder is
 * renamed into place and used), or ended badly (its last words are the answer, and after a while it is tried again).
 */
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { z } from 'zod';
import { loadBetterSqlite3 } from './drivers/better-sqlite3.ts';
import type { Driver } from './drivers/driver.ts';
import { NativePartError } from './errors.ts';

/** The version of package.json; a test holds the two together. */
export const NATIVE_VERSION = '12.11.1';
/** Compiling takes a minute on two cores; a pid that still lives after this long is hung, or another process's. */
const HUNG_AFTER_MS = 15 * 60_000;
const RETRY_AFTER_MS = 10 * 60_000;
const INSTEAD = 'Node.js 22.13 or newer brings its own SQLite and needs no installation.';

const lockSchema = z.object({ pid: z.number().int().positive(), started_at: z.number(), folder: z.string() });
type Lock = z.infer<typeof lockSchema>;

interface Paths {
  /** The finished installation; a native part fits one version, system and Node ABI. */
  target: string;
  lock: string;
  log: string;
}

function pathsIn(data: string): Paths {
  const key = ['better-sqlite3', NATIVE_VERSION, process.platform, process.arch, process.versions.modules].join('-');
  const target = join(data, 'native', key);
  return { target, lock: `${target}.lock`, log: `${target}.log` };
}

/** The driver of a finished installation in this data folder. */
export function installedDriver(data: string): Driver | undefined {
  return driverIn(pathsIn(data).target);
}

function driverIn(folder: string): Driver | undefined {
  return existsSync(join(folder, 'node_modules', 'better-sqlite3')) ? loadBetterSqlite3(`${folder}/`) : undefined;
}

/**
 * The driver of an installation that has just ended, or a `NativePartError` that says how it stands; starts it when
 * nobody has. `npm` and `now` (ms) are given by tests.
 */
export function installation(data: string, npm = 'npm', now = Date.now()): Driver {
  const paths = pathsIn(data);
  const lock = readLock(paths.lock, now);
  if (lock) {
    const age = now - lock.started_at;
    if (age < HUNG_AFTER_MS && isAlive(lock.pid)) throw running(age);
    const driver = finish(lock, paths);
    if (driver) return driver;
    if (age < RETRY_AFTER_MS) throw failed(paths.log);
    rmSync(lock.folder, { recursive: true, force: true });
    rmSync(paths.lock, { force: true });
  }
  start(paths, npm, now);
  throw running(0);
}

/** An installation counts when what it made really loads: npm's exit code is long gone. */
function finish(lock: Lock, paths: Paths): Driver | undefined {
  const driver = driverIn(lock.folder);
  if (!driver) return driverIn(paths.target);
  try {
    renameSync(lock.folder, paths.target);
    rmSync(paths.lock, { force: true });
  } catch {
    // Another process was quicker; what is loaded here stays loaded.
  }
  return driver;
}

function start(paths: Paths, npm: string, now: number): void {
  let folder: string;
  try {
    mkdirSync(dirname(paths.target), { recursive: true });
    closeSync(openSync(paths.lock, 'wx'));
    folder = mkdtempSync(`${paths.target}.part-`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw running(0);
    throw new NativePartError(
      `SQLite's native part cannot be installed: ${(error as Error).message}.`,
      `Make ${dirname(paths.target)} writable. ${INSTEAD}`,
    );
  }
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: { 'better-sqlite3': NATIVE_VERSION },
      allowScripts: { 'better-sqlite3': true },
    }),
  );
  const log = openSync(paths.log, 'w');
  const child = spawn(npm, ['install', '--ignore-scripts=false', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
    // npm is a script that runs in the first `node` of PATH, and the native part fits only the one that built it.
    env: { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) },
  });
  child.on('error', () => {}); // told by the missing pid below
  child.unref();
  closeSync(log);
  if (child.pid === undefined) {
    rmSync(folder, { recursive: true, force: true });
    rmSync(paths.lock, { force: true });
    throw new NativePartError(
      `SQLite's native part is missing, and npm, which would install it, could not be started.`,
      `Put npm on PATH. ${INSTEAD}`,
    );
  }
  const written: Lock = { pid: child.pid, started_at: now, folder };
  writeFileSync(`${paths.lock}.new`, JSON.stringify(written));
  renameSync(`${paths.lock}.new`, paths.lock);
}

/** A lock that cannot be read is being written this moment, or was left by a crash between two lines: then it is removed. */
function readLock(file: string, now: number): Lock | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    const age = now - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age < 10_000) throw running(age);
    rmSync(file, { force: true });
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function running(ageMs: number): NativePartError {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  return new NativePartError(
    `SQLite's native part is being installed (for ${seconds} s now; it takes up to two minutes).`,
    `Try again in a minute. ${INSTEAD}`,
  );
}

function failed(log: string): NativePartError {
  const words = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' ').slice(-400) : '';
  return new NativePartError(
    `SQLite's native part could not be installed${words ? `: ${words}` : ''} (all of it in ${log}).`,
    `It is tried again ten minutes after the last attempt. ${INSTEAD}`,
  );
}
