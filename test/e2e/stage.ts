/**
 * The stage of an end-to-end test: a sample service in a repository of its own with its real error log, an empty HOME,
 * and the product as a user has it (the built files), with the pinned client on PATH and a scripted model behind it.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createSample, type Sample, type SampleName } from '../../cli/demo/sample-repository.ts';
import { type PlayedRequest, type Script, startScriptedModel } from '../../cli/demo/scripted-model.ts';
import { type CheckoutDigest, checkoutDigest } from './checkout.ts';
import {
  CLIENT,
  type ClientOptions,
  type ClientRun,
  clientEnvironment,
  runClient,
  type StreamEvent,
} from './run-client.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The folder that a user's machine receives. */
export const PLUGIN = join(ROOT, 'plugin');

export interface ProductRun {
  exit: number | null;
  signal: NodeJS.Signals | null;
  timedOut: boolean;
  stdout: string;
  stderr: string;
  requests: PlayedRequest[];
}

export interface RunningProduct {
  pid: number;
  /** Signals the command alone; what it started is its own business, and the test's subject. */
  kill(signal: NodeJS.Signals): void;
  done: Promise<ProductRun>;
}

export interface Stage extends Sample {
  home: string;
  /** What the checkout looked like when the stage was set. */
  before: CheckoutDigest;
  /**
   * A person's session in the repository, with the plugin; the model plays `script`. `prompts`: what the person types, each
   * after the answer to the one before; a function is given what was told so far.
   */
  session(prompts: Prompt[], script: Script, options?: SessionOptions): Promise<ClientRun>;
  /** Types `self-healing <args>` at a terminal that nobody but a person sits at. */
  person(args: string[], options?: PersonOptions): Promise<{ exit: number; text: string }>;
  /** `git <args>` in the repository, or in `cwd`. */
  git(args: string[], cwd?: string): Promise<string>;
  /** Runs `self-healing <args>` in the repository (or `cwd`); the model plays `script`. */
  run(args: string[], script?: Script, options?: RunOptions): Promise<ProductRun>;
  /** The same, handed out while it runs. */
  start(args: string[], script?: Script, options?: RunOptions): Promise<RunningProduct>;
  /** What still runs for this stage (on Linux): every process whose HOME is the stage's own, or that works in its folder. */
  processes(): Promise<{ pid: number; command: string }[]>;
  remove(): Promise<void>;
}

interface PersonOptions {
  env?: Record<string, string>;
  /** Told what the terminal shows, as it comes; true closes it. */
  onOutput?: (text: string) => boolean;
}

interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
  timeoutMs?: number;
  /** Run in place of the command, with its arguments before `args`. */
  program?: string[];
  /** Told what the command writes, as it comes. */
  onOutput?: (text: string) => void;
}

export interface StageOptions {
  origin?: boolean;
  overlay?: Record<string, string>;
  /** Lines of YAML that are added to the sample's `.self-healing/config.yaml`. */
  config?: string;
  /** What the sample's README says about installing. */
  install?: (root: string) => Promise<void>;
  /** How the name of the stage's folder begins. */
  folder?: string;
}

export type Prompt = string | ((events: StreamEvent[]) => string);

interface SessionOptions {
  args?: string[];
  cwd?: string;
  env?: Record<string, string>;
  timeoutMs?: number;
  /** To a server's questions; default: the person closes them. */
  answer?: ClientOptions['answer'];
}

const NO_MODEL: Script = [];
/** What a person in a session with this plugin allows once and for all. */
const SESSION_ALLOWS = ['Read', 'Edit', 'Write', 'Bash', 'mcp__plugin_self-healing_living-context'];

export async function setStage(sample: SampleName, options: StageOptions = {}): Promise<Stage> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), options.folder ?? 'stage-')));
  const home = join(folder, 'home');
  await mkdir(home);
  const made = await createSample(sample, folder, { ...options, overlay: await overlayOf(sample, options) });
  const terminals = new Set<Writable>();
  const start: Stage['start'] = (args, script = NO_MODEL, run = {}) =>
    startProduct(args, script, { cwd: made.root, ...run }, home);
  return {
    ...made,
    home,
    before: await checkoutDigest(made.root),
    session: (prompts, script, { args = [], cwd = made.root, env = {}, timeoutMs = 150_000, answer } = {}) => {
      const left = [...prompts];
      return runClient({
        args: ['-p', '--permission-mode', 'dontAsk', '--allowedTools', SESSION_ALLOWS.join(','), ...args],
        cwd,
        home,
        env,
        model: script,
        pluginDir: PLUGIN,
        timeoutMs,
        ...(answer && { answer }),
        person: (events) => {
          const next = left.shift();
          return typeof next === 'function' ? next(events) : next;
        },
      });
    },
    person: (args, { env = {}, onOutput = () => false } = {}) =>
      typeAsPerson(args, { cwd: made.root, env, home, terminals, onOutput }),
    git: async (args, cwd = made.root) =>
      (await promisify(execFile)('git', args, { cwd, maxBuffer: 64 * 1024 * 1024 })).stdout.trimEnd(),
    start,
    run: async (...given) => (await start(...given)).done,
    processes: () => processesOf(folder),
    remove: async () => {
      for (const terminal of terminals) terminal.destroy();
      for (const { pid } of await processesOf(folder)) endProcess(pid);
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

async function overlayOf(sample: SampleName, { overlay = {}, config }: StageOptions): Promise<Record<string, string>> {
  if (config === undefined) return overlay;
  const path = '.self-healing/config.yaml';
  const own = overlay[path] ?? (await readFile(join(ROOT, 'demo', 'samples', sample, path), 'utf8'));
  return { ...overlay, [path]: `${own}${config}\n` };
}

/**
 * A terminal, and no process of whoever runs the tests above it (it may well be a Claude Code): decisions of people are
 * refused otherwise. The last line is the exit code. It is closed, as a window is, when descriptor 3 ends: with the test
 * that holds it, or when the stage is removed; no signal to the test's own group would reach it.
 */
const TERMINAL = `
import os, pty, sys, threading
if os.fork():
    os._exit(0)
os.setsid()
os.set_inheritable(3, False)
def close_with_test():
    os.read(3, 1)
    os._exit(1)
threading.Thread(target=close_with_test, daemon=True).start()
status = pty.spawn(sys.argv[1:])
print('exit', os.waitstatus_to_exitcode(status), flush=True)
`;

interface Terminal {
  cwd: string;
  env: Record<string, string>;
  home: string;
  /** What holds each of them open. */
  terminals: Set<Writable>;
  onOutput: (text: string) => boolean;
}

async function typeAsPerson(
  args: string[],
  { cwd, env, home, terminals, onOutput }: Terminal,
): Promise<{ exit: number; text: string }> {
  const child = spawn('python3', ['-c', TERMINAL, join(ROOT, 'bin', 'self-healing'), ...args], {
    cwd,
    env: { ...clientEnvironment(home, ''), TERM: 'dumb', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const open = child.stdio[3] as Writable;
  open.on('error', () => {});
  terminals.add(open);
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (onOutput(text)) open.destroy();
  });
  await new Promise((resolve) => child.stdout?.once('close', resolve));
  open.destroy();
  terminals.delete(open);
  // It has closed its output a moment before it is gone.
  const isThere = async () => (await processesOf(dirname(home))).some(({ command }) => command.includes('pty.spawn('));
  for (let tries = 0; tries < 50 && (await isThere()); tries++) await wait(100);
  const end = /\nexit (-?\d+)\s*$/.exec(text);
  return { exit: Number(end?.[1] ?? Number.NaN), text: text.replaceAll('\r\n', '\n') };
}

async function startProduct(
  args: string[],
  script: Script,
  { cwd, env = {}, input = '', timeoutMs = 280_000, program, onOutput = () => {} }: RunOptions,
  home: string,
): Promise<RunningProduct> {
  if (!existsSync(join(ROOT, 'dist', 'cli.cjs'))) throw new Error('dist/cli.cjs is missing. Run: npm run build');
  const model = await startScriptedModel(script);
  const base = clientEnvironment(home, model.url);
  const [command = '', ...first] = program ?? [join(ROOT, 'bin', 'self-healing')];
  const child = spawn(command, [...first, ...args], {
    cwd,
    env: { ...base, PATH: `${dirname(CLIENT)}${delimiter}${base.PATH}`, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
  child.stdin.on('error', () => {}); // a command that reads nothing closes it early
  child.stdin.end(input);
  return { pid, kill: (signal) => child.kill(signal), done: finish() };

  async function finish(): Promise<ProductRun> {
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text;
        onOutput(text);
      });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    try {
      const [exit, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
        child.once('exit', (code, ending) => resolve([code, ending])),
      );
      // What a killed command left running may hold its output open; the rest of its own comes at once.
      await Promise.race([new Promise((resolve) => child.once('close', resolve)), wait(1_000)]);
      return { exit, signal, timedOut, ...output, requests: model.requests() };
    } finally {
      clearTimeout(timer);
      await model.stop();
    }
  }
}

async function processesOf(folder: string): Promise<{ pid: number; command: string }[]> {
  const found: { pid: number; command: string }[] = [];
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const isOurs = environment.split('\0').includes(`HOME=${join(folder, 'home')}`);
    // The gate's checks have another HOME.
    if (!isOurs && !isBelow(folder, await readlink(`/proc/${pid}/cwd`).catch(() => ''))) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    // One that has ended and waits for its parent has no command any more.
    if (command !== '') found.push({ pid: Number(pid), command: command.replaceAll('\0', ' ').trim() });
  }
  return found;
}

function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** SIGKILL, as by the system; nothing when it is gone already. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
