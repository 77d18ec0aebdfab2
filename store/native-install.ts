/**
 * Installs better-sqlite3 with its native part into a data folder, once, by a detached `npm` that outlives us. Nothing
 * waits for it: whoever opens a database next finds npm still running (not ready), ended well (the finished folder is
 * renamed into place and used), or ended badly: then the answer names the cause and the command that lifts it, and after
 * a minute it is tried again. What a killed or hung npm left is taken over.
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
import { withFileLock } from './file-lock.ts';
import { type NpmFailure, readNpmFailure } from './npm-failure.ts';

/** The version of package.json; a test holds the two together. */
export const NATIVE_VERSION = '12.11.1';
/** Compiling takes a minute on two cores; a pid that still lives after this long is hung, or another process's. */
const HUNG_AFTER_MS = 15 * 60_000;
const RETRY_AFTER_MS = 60_000;
const INSTEAD = 'Node.js 22.13 or newer needs no installation.';
/** Scripts on, whatever the user's settings say: they are what brings the native part. Quick to say that nobody answers. */
const NPM_INSTALL = [
  'install',
  '--ignore-scripts=false',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=1000',
];

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

/** Whether an installation into this data folder was begun and nobody has used it yet. */
export function isBegun(data: string): boolean {
  return existsSync(pathsIn(data).lock);
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
  try {
    mkdirSync(dirname(paths.target), { recursive: true });
    return withFileLock(`${paths.target}.asking`, () => proceed(paths, npm, now));
  } catch (error) {
    if (error instanceof NativePartError) throw error;
    throw new NativePartError(
      `SQLite's native part cannot be installed: ${(error as Error).message}.`,
      `Make ${dirname(paths.target)} writable. ${INSTEAD}`,
    );
  }
}

function proceed(paths: Paths, npm: string, now: number): Driver {
  let before: NpmFailure | undefined;
  const lock = readLock(paths.lock);
  if (lock) {
    const age = now - lock.started_at;
    const alive = isAlive(lock.pid);
    if (alive && age < HUNG_AFTER_MS) throw running(age);
    const driver = finish(lock, paths);
    if (driver) return driver;
    const failure = alive ? undefined : readNpmFailure(textOf(paths.log));
    if (failure && now - endOf(paths.log, lock) < RETRY_AFTER_MS) throw failed(failure, paths);
    before = failure;
    rmSync(lock.folder, { recursive: true, force: true });
    rmSync(paths.lock, { force: true });
  }
  start(paths, npm, now);
  throw running(0, before);
}

/** An installation counts when what it made really loads. */
function finish(lock: Lock, paths: Paths): Driver | undefined {
  const driver = driverIn(lock.folder);
  if (!driver) return driverIn(paths.target);
  try {
    rmSync(paths.target, { recursive: true, force: true });
    renameSync(lock.folder, paths.target);
    rmSync(paths.lock, { force: true });
  } catch {
    // Windows moves no folder whose native part is loaded: it is used where it lies, and moved by a later process.
  }
  return driver;
}

function start(paths: Paths, npm: string, now: number): void {
  const folder = mkdtempSync(`${paths.target}.part-`);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: { 'better-sqlite3': NATIVE_VERSION },
      allowScripts: { 'better-sqlite3': true },
    }),
  );
  const log = openSync(paths.log, 'w');
  const child = spawn(npm, NPM_INSTALL, {
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
    throw new NativePartError(
      "SQLite's native part is missing, and npm, which would install it, was not found on PATH.",
      `Put npm on PATH and try again, or, where npm is: ${byHand(paths)}. ${INSTEAD}`,
    );
  }
  const written: Lock = { pid: child.pid, started_at: now, folder };
  writeFileSync(paths.lock, JSON.stringify(written));
}

/** One that cannot be read was cut off by a crash: what it stood for is not known any more. */
function readLock(file: string): Lock | undefined {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
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

function textOf(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8') : '';
}

/** npm's last word is its end. */
function endOf(log: string, { started_at }: Lock): number {
  return Math.max(started_at, statSync(log, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

/** `before`: how the last try failed, for whoever comes back when the next one has begun. */
function running(ageMs: number, before?: NpmFailure): NativePartError {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  return new NativePartError(
    `SQLite's native part is being installed (for ${seconds} s now; seconds, or a few minutes where it is compiled).${
      before === undefined ? '' : ` The last try failed: ${causeOf(before)}.`
    }`,
    `Try again in a minute. ${INSTEAD}`,
  );
}

const CAUSES: Record<NpmFailure['kind'], { what: string; lift: string }> = {
  registry: { what: 'npm does not reach its package registry', lift: 'With a network (or the right npm settings)' },
  download: {
    what: 'neither its prebuilt file nor what is needed to build it could be downloaded',
    lift: 'With a network that lets them through',
  },
  compiler: {
    what: 'there was no prebuilt file, and it could not be compiled here',
    lift: 'After installing Python 3, make and a C++ compiler',
  },
  other: { what: 'npm failed', lift: 'When that is put right' },
};

function causeOf({ kind, words }: NpmFailure, ...more: string[]): string {
  return `${CAUSES[kind].what} (${[words.slice(0, 300), ...more].join('; ')})`;
}

function failed(failure: NpmFailure, paths: Paths): NativePartError {
  return new NativePartError(
    `SQLite's native part could not be installed: ${causeOf(failure, `all of it in ${paths.log}`)}.`,
    `${CAUSES[failure.kind].lift} it installs itself (it is tried again a minute after the last try); at once with: ${byHand(paths)}. ${INSTEAD}`,
  );
}

/** What a person can type instead: it puts the same to the same place. */
function byHand({ target }: Paths): string {
  const quoted = /^[\w./-]+$/.test(target) ? target : `"${target}"`;
  return `npm install --ignore-scripts=false --prefix ${quoted} better-sqlite3@${NATIVE_VERSION}`;
}
