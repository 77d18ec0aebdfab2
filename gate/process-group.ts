/**
 * Runs a command in a process group of its own and promises an end: when `runGroup` resolves, the command and
 * everything it left running in its group are gone, whether it exited, timed out or was aborted. On Linux also
 * what left the group: processes that were seen below it, and those whose environment carries the mark.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../store/alive.ts';
import { keepOutput } from './kept-output.ts';
import { endKnown, endProcesses, type Process, processesOf } from './marked-processes.ts';
import { type OverLimit, offerFirst, overLimit, type RunLimits } from './run-limits.ts';

/** `shell` only for command lines that people committed; everything else is an argument array. */
export type GroupCommand = { argv: [string, ...string[]] } | { shell: string };

export interface GroupOptions {
  cwd: string;
  /** The whole environment: nothing of ours is inherited. */
  env: Record<string, string>;
  /** Wall clock limit. */
  timeoutMs: number;
  /** From SIGTERM to SIGKILL; default 2 s. */
  graceMs?: number;
  signal?: AbortSignal | undefined;
  /** `NAME=value` of `env` that no other run has: what carries it is ended with the group, wherever it went. */
  mark?: string;
  limits?: RunLimits;
  /** Written to stdin, which is then closed; without it stdin is closed from the start. */
  input?: string;
  /** Characters of `output` and of `stdout` to keep; default 256 Ki and 16 Mi. */
  keep?: { output?: number; stdout?: number };
  onStart?: (pgid: number) => void;
  onOutput?: (text: string, stream: 'stdout' | 'stderr') => void;
}

export interface GroupResult {
  /** Null when a signal ended it, or when it could not be started. */
  exit: number | null;
  signal: NodeJS.Signals | null;
  timedOut: 'wall' | null;
  aborted: boolean;
  /** The limit for which it was ended. */
  overLimit: OverLimit | null;
  /** Why it could not be started (no such program, no such folder). */
  startError: string | null;
  /** stdout and stderr as they came, bounded. */
  output: string;
  /** stdout alone; `stdoutComplete` tells whether all of it was kept. */
  stdout: string;
  stdoutComplete: boolean;
  /** stderr alone, bounded like `output`. */
  stderr: string;
  seconds: number;
}

/** Time for the pipes to close after the group is gone; a process that left the group may hold them for ever. */
const DRAIN_MS = 500;
const LOOK_MS = 500;

export function runGroup(command: GroupCommand, options: GroupOptions): Promise<GroupResult> {
  const started = performance.now();
  const output = keepOutput(options.keep?.output ?? 256 * 1024);
  const stdout = keepOutput(options.keep?.stdout ?? 16 * 1024 * 1024);
  const stderr = keepOutput(options.keep?.output ?? 256 * 1024);
  const graceMs = options.graceMs ?? 2000;
  let timedOut: GroupResult['timedOut'] = null;
  let aborted = options.signal?.aborted ?? false;
  let over: OverLimit | null = null;
  let startError: string | null = null;

  const finish = (exit: number | null, signal: NodeJS.Signals | null): GroupResult => ({
    exit,
    signal,
    timedOut,
    aborted,
    overLimit: over,
    startError,
    output: output.text(),
    stdout: stdout.text(),
    stdoutComplete: stdout.dropped() === 0,
    stderr: stderr.text(),
    seconds: (performance.now() - started) / 1000,
  });
  if (aborted) return Promise.resolve(finish(null, null));

  const [program, args] = argumentsOf(command, options.limits);
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const pgid = child.pid;
  child.stdin?.on('error', () => {}); // it may exit without reading; its exit code tells
  child.stdin?.end(options.input);

  return new Promise((resolve) => {
    const closed = new Promise<void>((done) => child.once('close', () => done()));
    let ending: Promise<void> | undefined;
    const { limits, mark } = options;
    /** Seen below the command, in groups of their own. */
    const strays = new Map<number, Process>();
    const look = () => {
      const all = processesOf(undefined, pgid);
      for (const one of all) if (one.group !== pgid) strays.set(one.pid, one);
      return all;
    };
    const end = (grace = graceMs) => {
      if (pgid !== undefined) ending ??= endGroup(pgid, grace);
    };
    const stop = (why: 'wall' | 'abort' | OverLimit) => {
      if (ending) return;
      if (why === 'abort') aborted = true;
      else if (why === 'wall') timedOut = why;
      else over = why;
      if (mark !== undefined) look();
      end(over === null ? graceMs : 0);
    };
    const watch =
      limits &&
      setInterval(() => {
        const found = overLimit(look(), limits);
        if (found !== null) stop(found);
      }, LOOK_MS);
    const onAbort = () => stop('abort');
    const wall = setTimeout(() => stop('wall'), options.timeoutMs);
    const settle = (exit: number | null, signal: NodeJS.Signals | null) => {
      clearTimeout(wall);
      clearInterval(watch);
      options.signal?.removeEventListener('abort', onAbort);
      resolve(finish(exit, signal));
    };

    collect(child, (text, stream) => {
      output.add(text);
      (stream === 'stdout' ? stdout : stderr).add(text);
      options.onOutput?.(text, stream);
    });
    options.signal?.addEventListener('abort', onAbort, { once: true });

    child.once('error', (error) => {
      if (pgid !== undefined) return; // a signal that could not be delivered; 'exit' still comes
      startError = error.message;
      output.add(`${error.message}\n`);
      settle(null, null);
    });
    child.once('exit', async (exit, signal) => {
      clearTimeout(wall);
      clearInterval(watch);
      end();
      await ending;
      endKnown(strays.values());
      if (mark !== undefined) await endProcesses(mark);
      await Promise.race([closed, sleep(DRAIN_MS)]);
      child.stdout?.destroy();
      child.stderr?.destroy();
      settle(exit, signal);
    });
    if (pgid !== undefined && limits) offerFirst(pgid);
    if (pgid !== undefined) options.onStart?.(pgid);
  });
}

/** The limit of a file's size is the kernel's: set by the shell before the command, and inherited by all it starts. */
function argumentsOf(command: GroupCommand, limits: RunLimits | undefined): [string, string[]] {
  const words: [string, ...string[]] = 'shell' in command ? ['/bin/sh', '-c', command.shell] : command.argv;
  const [program, ...args] = words;
  if (limits === undefined) return [program, args];
  // Blocks of 512 bytes, as POSIX has it; a lower limit that is set already stays.
  const blocks = Math.ceil(limits.file / 512);
  const script = `case $(ulimit -f) in unlimited) ulimit -f ${blocks};; esac; exec "$@"`;
  return ['/bin/sh', ['-c', script, 'sh', ...words]];
}

/** SIGTERM to the whole group, SIGKILL to what is left of it after `graceMs`. Resolves when the group is gone. */
export async function endGroup(pgid: number, graceMs: number): Promise<void> {
  const deadline = performance.now() + graceMs;
  signalGroup(pgid, 'SIGTERM');
  while (groupAlive(pgid) && performance.now() < deadline) await sleep(20);
  for (let wait = 10; groupAlive(pgid) && wait < 5000; wait *= 2) {
    signalGroup(pgid, 'SIGKILL');
    await sleep(wait);
  }
}

/** Whether any process of the group still runs. A killed orphan that nobody reaped (a zombie) does not count. */
export function groupAlive(pgid: number): boolean {
  if (!isAlive(-pgid)) return false;
  if (process.platform !== 'linux') return true;
  return readdirSync('/proc').some((name) => /^\d+$/.test(name) && runsInGroup(name, pgid));
}

function runsInGroup(pid: string, pgid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in parentheses and may hold anything; state, parent and group follow the last one.
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === String(pgid) && state !== 'Z' && state !== 'X';
  } catch {
    return false; // it ended while we looked
  }
}

function signalGroup(pgid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pgid, signal);
  } catch {
    // nobody is left to receive it; `groupAlive` tells
  }
}

function collect(child: ChildProcess, add: (text: string, stream: 'stdout' | 'stderr') => void): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const decoder = new StringDecoder('utf8');
    child[stream]?.on('data', (chunk: Buffer) => {
      const text = decoder.write(chunk);
      if (text !== '') add(text, stream);
    });
  }
}
