/** The command line as a process: bundled once per test file, run in real repositories with an empty HOME. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { write } from '../write.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Below the repository, so that the bundle finds better-sqlite3 as an installed one does. */
mkdirSync(join(ROOT, '.tmp'), { recursive: true });
const bundle = mkdtempSync(join(ROOT, '.tmp', 'cli-'));
export const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'self-healing cli ü-')));
afterAll(() => {
  for (const folder of [bundle, scratch]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const PROGRAM = join(bundle, 'dist', 'cli.cjs');
beforeAll(async () => {
  await build({
    entryPoints: [join(ROOT, 'bin', 'cli.ts')],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    external: ['better-sqlite3'],
    absWorkingDir: ROOT,
    banner: { js: 'const __bundleUrl=require("node:url").pathToFileURL(__filename).href;' },
    define: {
      'import.meta.url': '__bundleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
  });
});

export interface Ended {
  exit: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: string | Buffer;
  env?: Record<string, string>;
  /** Typed once this was shown. */
  reply?: { to: string; keys: string };
}

/** What a process gets: a HOME of its own, and nothing that says Claude Code is above it. */
export function environment(extra: Record<string, string> = {}): Record<string, string> {
  const home = join(scratch, 'home');
  mkdirSync(home, { recursive: true });
  return { PATH: process.env.PATH ?? '', HOME: home, LANG: 'C.UTF-8', GIT_CONFIG_NOSYSTEM: '1', ...extra };
}

export function cli(cwd: string, args: readonly string[], { input = '', env }: RunOptions = {}): Promise<Ended> {
  return start(process.execPath, [PROGRAM, ...args], cwd, { input, env });
}

/** One that goes on until it is told to end; it is killed after a minute. */
export function cliProcess(
  cwd: string,
  args: readonly string[],
  env?: Record<string, string>,
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [PROGRAM, ...args], { cwd, env: environment(env), stdio: 'pipe', timeout: 60_000 });
}

/** The same as part of a shell's pipeline: `<program> <args> <rest>`. */
export function cliInShell(cwd: string, args: readonly string[], rest: string): Promise<Ended> {
  return start('sh', ['-c', `"$@" ${rest}`, 'sh', process.execPath, PROGRAM, ...args], cwd, {});
}

/** The same with a terminal around it, as a person has: Python's pty, and the text that the terminal shows. */
export function cliInTerminal(cwd: string, args: readonly string[], { env, reply }: RunOptions = {}): Promise<Ended> {
  const sized = ['sh', '-c', 'stty cols 80 rows 24; exec "$@"', 'sh'];
  const argv = JSON.stringify([...sized, process.execPath, PROGRAM, ...args]);
  const script = `import json, os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(json.loads(sys.argv[1]))))`;
  return start('python3', ['-c', script, argv], cwd, { env, reply });
}

function start(program: string, args: string[], cwd: string, { input = '', env, reply }: RunOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: environment(env), stdio: 'pipe', timeout: 60_000 });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => {}); // a command that reads nothing closes it early
    if (reply === undefined) child.stdin.end(input);
    else
      child.stdout.on('data', () => {
        if (!child.stdin.writableEnded && stdout.includes(reply.to)) child.stdin.end(reply.keys);
      });
    child.once('error', reject);
    child.once('close', (exit) => resolve({ exit, stdout, stderr }));
  });
}

export function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgSign=false'];
  return execFileSync('git', [...identity, ...args], {
    cwd,
    env: environment(),
    encoding: 'utf8',
    stdio: 'pipe',
  }).trimEnd();
}

let made = 0;
/** A repository with one commit on `main`, in a path with a space and a letter that is not ASCII. */
export function repository(files: Record<string, string> = {}): string {
  const root = join(scratch, `${++made}`, 'shop ü');
  mkdirSync(root, { recursive: true });
  git(root, 'init', '-q', '-b', 'main');
  write(root, files);
  git(root, 'add', '--all');
  git(root, 'commit', '-q', '--allow-empty', '-m', 'Start');
  return root;
}

/** A service small enough for a test: one module, one test, a scenario and an invariant. */
export const SHOP = {
  'package.json': '{ "name": "shop", "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/price.js': 'export const price = (cents) => cents * 2;\n',
  'src/order.js': "import { price } from './price.js';\nexport const order = () => price(1);\n",
  'test/price.test.js':
    "import assert from 'node:assert/strict';\nimport { it } from 'node:test';\nimport { price } from '../src/price.js';\nit('doubles', () => assert.equal(price(2), 4));\n",
  '.self-healing/scenarios/price.yaml':
    'version: "1.0"\nmodule: price\nfiles: ["src/price.js"]\nscenarios:\n  - id: S001\n    name: prices double\n    why: that is the price\n    test_command: node --test test/price.test.js\n',
};

/** Enough of an error log for one incident. */
export const LOG = `2026-11-20T10:00:00.000Z ERROR [shop] order failed
TypeError: Cannot read properties of undefined (reading 'cents')
    at price (/srv/shop/src/price.js:1:30)
    at order (/srv/shop/src/order.js:2:28)
`;
