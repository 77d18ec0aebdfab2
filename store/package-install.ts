/**
 * Installs pinned packages with a native part into a data folder, once, by a detached `npm` that outlives us. Nothing
 * waits for it: whoever needs the part next finds npm still running (not ready), ended well (the finished folder is
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
import { isAlive } from './alive.ts';
import { NativePartError } from './errors.ts';
import { withFileLock } from './file-lock.ts';
import { type NpmFailure, readNpmFailure } from './npm-failure.ts';

/** What is installed, and how it is used then. */
export interface Installable<T> {
  /** The beginning of every answer, such as "SQLite's native part". */
  name: string;
  /** Name of its folder: one for every version and for all that its native part fits. */
  key: string;
  /** Exact version by package name. */
  dependencies: Readonly<Record<string, string>>;
  /** Whether its own install scripts run: where they bring, or build, the native part. */
  scripts: boolean;
  /** The end of every answer: what works without an installation. */
  instead: string;
  /** What an installation in this folder gives; undefined where it does not load. */
  load(folder: string): T | undefined;
}

/** Compiling takes a minute on two cores; a pid that still lives after this long is hung, or another process's. */
const HUNG_AFTER_MS = 15 * 60_000;
const RETRY_AFTER_MS = 60_000;
/** Quick to say that nobody answers. */
const NPM_INSTALL = [
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=1000',
];

const lockSchema = z.object({ pid: z.number().int().positive(), started_at: z.number(), folder: z.string() });
type Lock = z.infer<typeof lockSchema>;

interface Paths {
  /** The finished installation. */
  target: string;
  lock: string;
  log: string;
}

function pathsIn<T>(data: string, { key }: Installable<T>): Paths {
  const target = join(data, 'native', key);
  return { target, lock: `${target}.lock`, log: `${target}.log` };
}

/** What a finished installation in this data folder gives. */
export function installed<T>(data: string, what: Installable<T>): T | undefined {
  return loadIn(pathsIn(data, what).target, what);
}

/** Whether an installation into this data folder was begun and nobody has used it yet. */
export function isBegun<T>(data: string, what: Installable<T>): boolean {
  return existsSync(pathsIn(data, what).lock);
}

function loadIn<T>(folder: string, what: Installable<T>): T | undefined {
  return isWhole(folder, what) ? what.load(folder) : undefined;
}

function isWhole<T>(folder: string, { dependencies }: Installable<T>): boolean {
  return Object.keys(dependencies).every((name) => existsSync(join(folder, 'node_modules', name)));
}

/**
 * What an installation that has just ended gives, or a `NativePartError` that says how it stands; starts it when nobody
 * has. `npm` and `now` (ms) are given by tests.
 */
export function installation<T>(data: string, what: Installable<T>, npm = 'npm', now = Date.now()): T {
  const paths = pathsIn(data, what);
  try {
    mkdirSync(dirname(paths.target), { recursive: true });
    return withFileLock(`${paths.target}.asking`, () => proceed(paths, what, npm, now));
  } catch (error) {
    if (error instanceof NativePartError) throw error;
    throw new NativePartError(
      `${what.name} cannot be installed: ${(error as Error).message}.`,
      `Make ${dirname(paths.target)} writable. ${what.instead}`,
    );
  }
}

function proceed<T>(paths: Paths, what: Installable<T>, npm: string, now: number): T {
  let before: Failure | undefined;
  const lock = readLock(paths.lock);
  if (lock) {
    const age = now - lock.started_at;
    const alive = isAlive(lock.pid);
    if (alive && age < HUNG_AFTER_MS) throw running(what, age);
    const loaded = finish(lock, paths, what);
    if (loaded) return loaded;
    const failure = alive ? undefined : failureOf(lock, paths, what);
    if (failure && now - endOf(paths.log, lock) < RETRY_AFTER_MS) throw failed(failure, paths, what);
    before = failure;
    rmSync(lock.folder, { recursive: true, force: true });
    rmSync(paths.lock, { force: true });
  }
  start(paths, what, npm, now);
  throw running(what, 0, before);
}

/** An installation counts when what it made really loads. */
function finish<T>(lock: Lock, paths: Paths, what: Installable<T>): T | undefined {
  const loaded = loadIn(lock.folder, what);
  if (!loaded) return loadIn(paths.target, what);
  try {
    rmSync(paths.target, { recursive: true, force: true });
    renameSync(lock.folder, paths.target);
    rmSync(paths.lock, { force: true });
  } catch {
    // Windows moves no folder whose native part is loaded: it is used where it lies, and moved by a later process.
  }
  return loaded;
}

interface Failure {
  kind: NpmFailure['kind'] | 'unloadable';
  words: string;
}

function failureOf<T>(lock: Lock, paths: Paths, what: Installable<T>): Failure | undefined {
  const log = textOf(paths.log);
  if (!isWhole(lock.folder, what) || !/^added \d+ package/m.test(log)) return readNpmFailure(log);
  return { kind: 'unloadable', words: `${process.platform} ${process.arch}, Node.js ${process.version}` };
}

function start<T>(paths: Paths, what: Installable<T>, npm: string, now: number): void {
  const folder = mkdtempSync(`${paths.target}.part-`);
  const allowScripts = Object.fromEntries(Object.keys(what.dependencies).map((name) => [name, what.scripts]));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: what.dependencies, allowScripts }),
  );
  const log = openSync(paths.log, 'w');
  const child = spawn(npm, ['install', scriptsFlag(what), ...NPM_INSTALL], {
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
      `${what.name} is missing, and npm, which would install it, was not found on PATH.`,
      `Put npm on PATH and try again, or, where npm is: ${byHand(paths, what)}. ${what.instead}`,
    );
  }
  const written: Lock = { pid: child.pid, started_at: now, folder };
  writeFileSync(paths.lock, JSON.stringify(written));
}

/** Said either way, whatever the user's settings are. */
function scriptsFlag<T>({ scripts }: Installable<T>): string {
  return `--ignore-scripts=${String(!scripts)}`;
}

/** One that cannot be read was cut off by a crash: what it stood for is not known any more. */
function readLock(file: string): Lock | undefined {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
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
function running<T>({ name, scripts, instead }: Installable<T>, ageMs: number, before?: Failure): NativePartError {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  const usual = scripts ? 'seconds, or a few minutes where it is compiled' : 'usually seconds';
  return new NativePartError(
    `${name} is being installed (for ${seconds} s now; ${usual}).${
      before === undefined ? '' : ` The last try failed: ${causeOf(before)}.`
    }`,
    `Try again in a minute. ${instead}`,
  );
}

const CAUSES: Record<Failure['kind'], { what: string; lift: string }> = {
  registry: { what: 'npm does not reach its package registry', lift: 'With a network (or the right npm settings)' },
  download: {
    what: 'neither its prebuilt file nor what is needed to build it could be downloaded',
    lift: 'With a network that lets them through',
  },
  compiler: {
    what: 'there was no prebuilt file, and it could not be compiled here',
    lift: 'After installing Python 3, make and a C++ compiler',
  },
  unloadable: {
    what: 'its packages were installed, but its native part does not load here',
    lift: 'On a system that it is built for',
  },
  other: { what: 'npm failed', lift: 'When that is put right' },
};

function causeOf({ kind, words }: Failure, ...more: string[]): string {
  return `${CAUSES[kind].what} (${[words.slice(0, 300), ...more].join('; ')})`;
}

function failed<T>(failure: Failure, paths: Paths, what: Installable<T>): NativePartError {
  return new NativePartError(
    `${what.name} could not be installed: ${causeOf(failure, `all of it in ${paths.log}`)}.`,
    `${CAUSES[failure.kind].lift} it installs itself (it is tried again a minute after the last try); at once with: ${byHand(paths, what)}. ${what.instead}`,
  );
}

/** What a person can type instead: it puts the same to the same place. */
function byHand<T>({ target }: Paths, what: Installable<T>): string {
  const quoted = /^[\w./-]+$/.test(target) ? target : `"${target}"`;
  const packages = Object.entries(what.dependencies).map(([name, version]) => `${name}@${version}`);
  return `npm install ${scriptsFlag(what)} --prefix ${quoted} ${packages.join(' ')}`;
}
