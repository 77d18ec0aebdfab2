/** Runs the small programs of `fixtures/` as processes of their own, bundled like the product itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary.ts';

export interface Program {
  process: ChildProcess;
  write(text: string): void;
  /** Resolves when stdout holds the text; rejects when the program ends without it. */
  said(text: string): Promise<void>;
  /** The last line of its stdout, parsed, after it ended well. */
  json<T>(): Promise<T>;
}

interface Surroundings {
  /** Where the bundle believes to be, for finding node_modules. Default: the project's dist/. */
  bundleFolder?: string;
  /** Where the program lies. Default: `fixtures/` beside this file. */
  fixtures?: string;
  env?: Record<string, string>;
}

/** Resolves when the program has said `ready`. */
export async function startProgram(name: string, args: string[], surroundings: Surroundings = {}): Promise<Program> {
  const { bundleFolder = join(import.meta.dirname, '../../dist'), fixtures = join(import.meta.dirname, 'fixtures') } =
    surroundings;
  const file = await bundled(name, fixtures, bundleFolder);
  const child = spawn(process.execPath, [file, ...args], { env: { ...process.env, ...surroundings.env } });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const program: Program = {
    process: child,
    write: (text) => child.stdin.write(text),
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => stdout.includes(text) && resolve();
        child.stdout.on('data', look);
        look();
        ended.then(() => reject(new Error(`${name} ended without "${text}": ${stdout}${stderr}`)));
      }),
    async json<T>() {
      const exit = await ended;
      if (exit !== 0 || stderr !== '') throw new Error(`${name} ended with ${exit}: ${stderr}`);
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
    },
  };
  await program.said('ready');
  return program;
}

async function bundled(name: string, fixtures: string, bundleFolder: string): Promise<string> {
  const outfile = join(temporaryFolder(), `${name}.cjs`);
  await build({
    entryPoints: [join(fixtures, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    external: ['better-sqlite3'],
    logLevel: 'warning',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(bundleFolder, `${name}.cjs`)).href) },
  });
  return outfile;
}
