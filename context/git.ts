/**
 * The one way git is started. Non-interactive, English, without hooks, fsmonitor or replace refs, and deaf to the
 * caller's own GIT_* variables, so that being started from a git hook changes nothing.
 */
import { spawn } from 'node:child_process';
import { RemoteError, UserError } from '../events/errors.ts';

export interface GitOptions {
  cwd: string;
  /** Bytes for stdin. */
  input?: string | Buffer;
  /** Added after the hardened environment; may set GIT_DIR, GIT_INDEX_FILE and the like. */
  env?: Record<string, string>;
  /** How stdout is decoded; `latin1` keeps every byte. Default: utf8. */
  encoding?: 'utf8' | 'latin1';
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface GitResult {
  exit: number;
  stdout: string;
  stderr: string;
}

const HARDENED = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.quotePath=false',
  '-c',
  'advice.detachedHead=false',
  '-c',
  'gc.auto=0',
  '-c',
  'maintenance.auto=false',
];

/** The environment every git of ours runs in: the caller's without GIT_*, never asking anybody anything. */
export function gitEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('GIT_'),
  );
  return {
    ...Object.fromEntries(own),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    SSH_ASKPASS: '/bin/false',
    GIT_EDITOR: 'true',
    GIT_PAGER: 'cat',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    ...extra,
  };
}

/** Runs git and hands back its exit code, whatever it is. Rejects only when git cannot be started, times out or is aborted. */
export function tryGit(args: string[], options: GitOptions): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...HARDENED, ...args], {
      cwd: options.cwd,
      env: gitEnvironment(options.env),
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: options.timeoutMs ?? 120_000,
      killSignal: 'SIGKILL',
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => {}); // git may close its stdin early; its exit code tells
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT')
        reject(
          new UserError(
            'git could not be started: it is not on PATH, or the folder is gone.',
            'Install git 2.31 or newer and make sure it is on PATH.',
          ),
        );
      else reject(error);
    });
    child.on('close', (code, signal) => {
      if (code === null)
        reject(
          new RemoteError(
            `git ${args[0] ?? ''} was ended by ${signal ?? 'a signal'} before it finished.`,
            'Try again.',
          ),
        );
      else
        resolve({
          exit: code,
          stdout: Buffer.concat(stdout).toString(options.encoding ?? 'utf8'),
          stderr: Buffer.concat(stderr).toString('utf8'),
        });
    });
    child.stdin.end(options.input);
  });
}

/** A git command that was expected to succeed and did not. */
export class GitError extends RemoteError {
  readonly args: string[];
  readonly result: GitResult;

  constructor(args: string[], result: GitResult) {
    super(
      `git ${args.join(' ').slice(0, 200)} failed with exit code ${result.exit}: ${result.stderr.trim().slice(0, 1000)}`,
    );
    this.args = args;
    this.result = result;
  }
}

/** stdout of a git command that must succeed; throws GitError. */
export async function git(args: string[], options: GitOptions): Promise<string> {
  const result = await tryGit(args, options);
  if (result.exit !== 0) throw new GitError(args, result);
  return result.stdout;
}
