/**
 * Runs the real Claude Code client against a scripted model: an empty HOME, an environment of its own, a fake key,
 * a time limit that ends its whole process group. What comes back is everything a test may want to judge.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type PlayedRequest,
  type Script,
  type ScriptedModel,
  startScriptedModel,
} from '../../cli/demo/scripted-model.ts';
import { scriptedClientEnvironment } from '../../cli/scripted-client.ts';

/** The pinned client, or another one to try the suite with. */
export const CLIENT =
  process.env.SELF_HEALING_E2E_CLIENT ?? join(import.meta.dirname, 'client', 'node_modules', '.bin', 'claude');

/** One line of the client's stream-json; `type` (and mostly `subtype`) says what else is in it. */
export type StreamEvent = { type: string; subtype?: string } & Record<string, unknown>;

export interface ClientOptions {
  /** Such as `['-p', 'Heal INC-...', '--agent', 'self-healing:diagnostician']`; the output flags are added. */
  args: string[];
  cwd: string;
  model: Script | ScriptedModel;
  pluginDir?: string;
  /** Kept when given; otherwise a new one is made and removed. */
  home?: string;
  env?: Record<string, string>;
  timeoutMs?: number;
  /**
   * A conversation in one process: what the person types first, and after each answer, given everything told so far;
   * undefined ends it. `args` then hold no prompt.
   */
  person?: (events: StreamEvent[]) => string | undefined;
  /** What that person answers to a server's question; default: they close it. */
  answer?: (question: Question) => Answer | Promise<Answer>;
}

/** A server's elicitation, as the client hands it to whoever writes its input. */
export interface Question {
  mcp_server_name: string;
  message: string;
  requested_schema: unknown;
}

export interface Answer {
  action: 'accept' | 'decline' | 'cancel';
  content?: Record<string, unknown>;
}

export interface ClientRun {
  exit: number | null;
  signal: NodeJS.Signals | null;
  timedOut: boolean;
  events: StreamEvent[];
  /** The last `result` event. */
  result: StreamEvent | undefined;
  stderr: string;
  requests: PlayedRequest[];
  debugLog: string;
}

export interface RunningClient {
  pid: number;
  /** Signals the whole process group. */
  kill(signal: NodeJS.Signals): void;
  done: Promise<ClientRun>;
}

/** What the client needs, and nothing of the caller's environment but PATH. */
export const clientEnvironment = scriptedClientEnvironment;

export async function runClient(options: ClientOptions): Promise<ClientRun> {
  const client = await startClient(options);
  return client.done;
}

export async function startClient(options: ClientOptions): Promise<RunningClient> {
  const { args, cwd, pluginDir, env = {}, timeoutMs = 60_000 } = options;
  const scratch = await mkdtemp(join(tmpdir(), 'client-run-'));
  const home = options.home ?? join(scratch, 'home');
  const ownModel = 'url' in options.model ? undefined : await startScriptedModel(options.model);
  const model = 'url' in options.model ? options.model : ownModel;
  const debugFile = join(scratch, 'debug.log');
  const child = spawn(
    CLIENT,
    [
      ...args,
      ...['--output-format', 'stream-json', '--verbose', '--include-hook-events', '--debug-file', debugFile],
      ...(pluginDir === undefined ? [] : ['--plugin-dir', pluginDir]),
      ...(options.person === undefined ? [] : ['--input-format', 'stream-json']),
    ],
    {
      cwd,
      env: { ...clientEnvironment(home, model?.url ?? ''), ...env },
      stdio: [options.person === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: true,
    },
  );
  if (options.person) converse(child, options.person, options.answer);
  const pid = await started(child).catch(async (error: unknown) => {
    await ownModel?.stop();
    await rm(scratch, { recursive: true, force: true });
    throw error;
  });
  const kill = (signal: NodeJS.Signals) => killGroup(pid, signal);
  return { pid, kill, done: finish() };

  async function finish(): Promise<ClientRun> {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      kill('SIGKILL');
    }, timeoutMs);
    // Servers and commands that outlive the client hold its output open and, on a busy machine, slow the next test.
    child.once('exit', () => kill('SIGKILL'));
    try {
      const [stdout, stderr, end] = await Promise.all([textOf(child.stdout), textOf(child.stderr), ended(child)]);
      const events = stdout.split('\n').flatMap(parseEvent);
      const result = events.findLast((event) => event.type === 'result');
      const debugLog = await readFile(debugFile, 'utf8').catch(() => '');
      return { ...end, timedOut, events, result, stderr, requests: model?.requests() ?? [], debugLog };
    } finally {
      clearTimeout(timer);
      await ownModel?.stop();
      await rm(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  }
}

/** The client's tool calls as its stream told them, subagents' included. */
export function toolUses(events: StreamEvent[]): { name: string; input: unknown }[] {
  return events.flatMap((event) => {
    const message = event.message as { content?: unknown } | undefined;
    if (event.type !== 'assistant' || !Array.isArray(message?.content)) return [];
    return message.content.filter((block: { type?: unknown }) => block.type === 'tool_use');
  });
}

function converse(
  child: ChildProcess,
  person: (events: StreamEvent[]) => string | undefined,
  answer: (question: Question) => Answer | Promise<Answer> = () => ({ action: 'cancel' }),
): void {
  const events: StreamEvent[] = [];
  let rest = '';
  const speak = () => {
    const text = person(events);
    if (text === undefined) return void child.stdin?.end();
    const message = { type: 'user', message: { role: 'user', content: text } };
    child.stdin?.write(`${JSON.stringify(message)}\n`);
  };
  /** Nobody else answers the client's own requests when its input is a stream. */
  const reply = async (event: StreamEvent) => {
    const { subtype, ...question } = event.request as { subtype: string } & Question;
    if (subtype !== 'elicitation') throw new Error(`the client asks for ${subtype}, which no test answers`);
    const response = { subtype: 'success', request_id: event.request_id, response: await answer(question) };
    child.stdin?.write(`${JSON.stringify({ type: 'control_response', response })}\n`);
  };
  child.stdin?.on('error', () => {}); // a client that was killed
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString('utf8')}`.split('\n');
    rest = lines.pop() ?? '';
    for (const event of lines.flatMap(parseEvent)) {
      events.push(event);
      if (event.type === 'control_request') void reply(event);
      if (event.type === 'result') speak();
    }
  });
  speak();
}

function started(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Error(`${CLIENT} does not start: ${error.message}. Run: node test/e2e/install-client.mjs`)),
    );
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
}

function ended(child: ChildProcess): Promise<{ exit: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => child.once('exit', (exit, signal) => resolve({ exit, signal })));
}

async function textOf(stream: AsyncIterable<Buffer> | null): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parseEvent(line: string): StreamEvent[] {
  try {
    return [JSON.parse(line) as StreamEvent];
  } catch {
    // A killed client leaves half a line; everything else that is not JSON shows up in the assertions on `events`.
    return [];
  }
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
