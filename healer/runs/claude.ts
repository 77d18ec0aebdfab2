/**
 * One run of the Claude Code client without a person: started in the worktree with the package's own plugin and an
 * environment of its own, watched event by event, and gone with everything it started when `runClaude` resolves.
 */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../context/schemas/config.ts';
import { endProcesses } from '../../gate/marked-processes.ts';
import { runGroup } from '../../gate/process-group.ts';
import { agentEnvironment } from './environment.ts';
import { judgeOutcome, type RunOutcome, type Stopped } from './outcome.ts';
import { runMark } from './run-mark.ts';
import { isAlive, type LifeSample, sampleLife } from './signs-of-life.ts';
import { lineReader, parseLine, type RunResult, type StreamEvent } from './stream.ts';
import { watchRun } from './watch.ts';

/**
 * A look at what runs for a call goes through every process of the machine, which costs more than a short call itself:
 * only a call that lasts this long is looked at.
 */
const LOOKED_AT_AFTER_MS = 1000;
/** Lines of the stream that come soon after one another are written to its file together. */
const WRITTEN_AFTER_MS = 150;

export interface ClaudeRun {
  /** Id of the run: its folder, and the mark by which its processes are known. */
  id: string;
  incident: string;
  agent: 'diagnostician' | 'self-healing';
  prompt: string;
  /** A session to go on with, else the id (a UUID) that a new one gets. */
  session: { resume: string } | { start: string };
  /** The worktree. */
  cwd: string;
  /** The product's folder of this repository. */
  home: string;
  pluginDir: string;
  settings: Config['claude'];
  limits: Pick<Config['recovery'], 'silence_timeout' | 'wall_clock'>;
  /** What is left to spend, US dollars. */
  maxUsd: number;
  env?: Record<string, string | undefined> | undefined;
  signal?: AbortSignal | undefined;
  onStart?: ((pid: number) => void) | undefined;
  onEvent?: ((event: StreamEvent) => void) | undefined;
}

export interface FinishedRun extends RunOutcome {
  /** Every event of the stream that was understood. */
  events: StreamEvent[];
  /** False when its guards stopped answering, so that it had to be ended. */
  guarded: boolean;
}

export async function runClaude(run: ClaudeRun): Promise<FinishedRun> {
  const folder = join(run.home, 'runs', run.id);
  const emptyConfig = join(folder, 'empty');
  await mkdir(emptyConfig, { recursive: true });
  const transcript = createWriteStream(join(folder, 'stream.jsonl'), { mode: 0o600 });
  transcript.on('error', () => {}); // a full disk does not end the run; what counts is judged from memory
  const events: StreamEvent[] = [];
  const watcher = watchRun(`self-healing:${run.agent}`);
  const stop = new AbortController();
  let ended: Stopped | undefined;
  let result: RunResult | undefined;
  let retryAfterMs: number | null = null;
  let pid: number | undefined;
  /** Early in the tool call that is open, or as of the last look at a silent run. */
  let life: LifeSample | undefined;
  let look: NodeJS.Timeout | undefined;
  const lookAfterMs = Math.min(LOOKED_AT_AFTER_MS, run.limits.silence_timeout / 4);
  const lookSoon = () => {
    look ??= setTimeout(() => {
      look = undefined;
      if (hasOpenCall(events)) life = sampleLife(run.id, pid);
    }, lookAfterMs).unref();
  };

  const see = (event: StreamEvent) => {
    if (event.kind === 'other') return;
    events.push(event);
    if (event.kind === 'result') result = event;
    if (event.kind === 'tool_use') lookSoon();
    if (event.kind === 'api_retry') retryAfterMs = event.delayMs;
    const why = ended === undefined ? watcher.see(event) : undefined;
    run.onEvent?.(event);
    if (why === undefined) return;
    ended = why;
    stop.abort();
  };
  const lines = lineReader((line) => {
    if (transcript.writableCorked === 0) {
      transcript.cork();
      setTimeout(() => transcript.uncork(), WRITTEN_AFTER_MS).unref();
    }
    transcript.write(`${line}\n`);
    for (const event of parseLine(line)) see(event);
  });
  const stderr: string[] = [];
  const group = await runGroup(
    { argv: [run.settings.command, ...argumentsOf(run)] },
    {
      cwd: run.cwd,
      env: agentEnvironment({ incident: run.incident, run: run.id, emptyConfig, env: run.env ?? process.env }),
      timeoutMs: run.limits.wall_clock,
      silenceMs: run.limits.silence_timeout,
      excuseSilence: () => {
        const before = life;
        life = sampleLife(run.id, pid);
        return hasOpenCall(events) && before !== undefined && isAlive(before, life);
      },
      graceMs: 5000,
      signal: run.signal ? AbortSignal.any([run.signal, stop.signal]) : stop.signal,
      keep: { output: 64 * 1024, stdout: 1024 },
      onStart: (started) => {
        pid = started;
        run.onStart?.(started);
      },
      onOutput: (text, stream) => (stream === 'stdout' ? lines.add(text) : stderr.push(text)),
    },
  );
  clearTimeout(look);
  lines.end();
  await endProcesses(runMark(run.id));
  await new Promise<void>((done) => transcript.end(() => done()));
  return {
    ...judgeOutcome({
      exit: group.exit,
      signal: group.signal,
      startError: group.startError,
      stopped: ended ?? stoppedBy(group, run) ?? watcher.stopMark() ?? null,
      result,
      stderr: stderr.join('').slice(-4000),
      retryAfterMs,
    }),
    sessionId: result?.sessionId ?? sessionOf(events),
    events,
    guarded: ended === undefined || ended.by === 'loop' || ended.by === 'drift',
  };
}

function argumentsOf({ agent, prompt, session, pluginDir, settings, maxUsd }: ClaudeRun): string[] {
  return [
    ...['-p', prompt],
    ...['--agent', `self-healing:${agent}`],
    ...('resume' in session ? ['--resume', session.resume] : ['--session-id', session.start]),
    ...['--output-format', 'stream-json', '--verbose', '--include-hook-events'],
    ...['--plugin-dir', pluginDir],
    // Settings of the project could silence every hook, and the agent can write them.
    ...['--setting-sources', 'user'],
    ...['--permission-mode', settings.permission_mode],
    ...['--allowedTools', settings.allowed_tools.join(',')],
    ...['--max-turns', String(settings.max_turns)],
    ...['--max-budget-usd', String(maxUsd)],
    ...(settings.model === '' ? [] : ['--model', settings.model]),
  ];
}

function hasOpenCall(events: readonly StreamEvent[]): boolean {
  const open = new Set<string>();
  for (const event of events) {
    if (event.kind === 'tool_use') open.add(event.id);
    if (event.kind === 'tool_result') open.delete(event.id);
  }
  return open.size > 0;
}

function stoppedBy(group: { timedOut: 'wall' | 'silence' | null; aborted: boolean }, run: ClaudeRun): Stopped | null {
  if (group.timedOut === 'silence') return { by: 'silence', afterMs: run.limits.silence_timeout };
  if (group.timedOut === 'wall') return { by: 'wall', afterMs: run.limits.wall_clock };
  return group.aborted ? { by: 'abort' } : null;
}

function sessionOf(events: readonly StreamEvent[]): string | null {
  return events.find((event) => event.kind === 'init')?.sessionId ?? null;
}
