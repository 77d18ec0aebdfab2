/**
 * One run of the Claude Code client without a person: started in the worktree with the package's own plugin and an
 * environment of its own, watched event by event, and gone with everything it started when `runClaude` resolves.
 */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../context/schemas/config.ts';
import { runGroup } from '../../gate/process-group.ts';
import type { CostBasis } from '../../store/runs.ts';
import { callDetail, shortToolName } from './call-line.ts';
import { costBasisOf, reckon } from './cost.ts';
import { agentEnvironment } from './environment.ts';
import { judgeOutcome, type RunOutcome, type Stopped } from './outcome.ts';
import { runMark } from './run-mark.ts';
import { sampleLife } from './signs-of-life.ts';
import { watchSilence } from './silence.ts';
import { lineReader, parseLine, type RunResult, type StreamEvent } from './stream.ts';
import { watchRun } from './watch.ts';

/**
 * A client whose money or turns are used up closes its servers, hooks in flight fail, and then it says so: a guard that is
 * dead ends the run this much later, unless that has come.
 */
const LAST_WORDS_MS = 1000;
/** Lines of the stream that come soon after one another are written to its file together. */
const WRITTEN_AFTER_MS = 150;
/** A client that is to wait longer than this for the API is ended, and its session resumed after the wait. */
const LONGEST_API_WAIT_MS = 120_000;
const MONEY_LOOK_MS = 1_000;
/** From SIGTERM to SIGKILL: its SessionEnd hooks get 1.5 s. */
const GRACE_MS = 3_000;

/** How a result names them. */
const USED_UP: ReadonlySet<string> = new Set(['error_max_budget_usd', 'error_max_turns']);

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
  /** Replaced in tests. */
  patience?: { startUpMs?: number; toolWaitMs?: number };
  /** What is left to spend, US dollars. */
  maxUsd: number;
  env?: Record<string, string | undefined> | undefined;
  signal?: AbortSignal | undefined;
  onStart?: ((pid: number) => void) | undefined;
  onEvent?: ((event: StreamEvent) => void) | undefined;
  /** Asked every second with what it has cost so far, US dollars: why it has to end now, or undefined. */
  onCost?: ((usd: number) => string | undefined) | undefined;
}

export interface FinishedRun extends RunOutcome {
  /** Every event of the stream that was understood. */
  events: StreamEvent[];
  /** False when its guards stopped answering, so that it had to be ended. */
  guarded: boolean;
  /** Null when it cost nothing. */
  costBasis: CostBasis | null;
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
  const cost = reckon();
  let ended: Stopped | undefined;
  let result: RunResult | undefined;
  let retryAfterMs: number | null = null;
  let pid: number | undefined;
  const end = (why: Stopped | undefined) => {
    if (ended !== undefined || why === undefined) return;
    ended = why;
    if (why.by !== 'guard') return stop.abort();
    setTimeout(() => ended && stop.abort(), LAST_WORDS_MS).unref();
  };
  const silence = watchSilence({
    limitMs: run.limits.silence_timeout,
    ...run.patience,
    life: () => sampleLife(run.id, pid),
    describe: ({ name, input }) => `${shortToolName(name)} ${callDetail(input)}`.trim(),
    onSilence: (found) => end({ by: 'silence', silence: found }),
  });
  const money = setInterval(() => {
    const why = run.onCost?.(cost.usd());
    if (why !== undefined) end({ by: 'budget', why });
  }, MONEY_LOOK_MS).unref();

  const see = (event: StreamEvent) => {
    if (event.kind === 'other') return;
    silence.see(event);
    if (event.kind === 'usage') return cost.see(event);
    events.push(event);
    if (event.kind === 'result') result = event;
    const usedUp = result !== undefined && USED_UP.has(result.subtype);
    if (usedUp && ended?.by === 'guard') ended = undefined;
    if (event.kind === 'api_retry') {
      retryAfterMs = event.delayMs;
      if (event.delayMs > LONGEST_API_WAIT_MS) end({ by: 'api_wait', delayMs: event.delayMs, status: event.status });
    }
    const why = ended === undefined && !usedUp ? watcher.see(event) : undefined;
    run.onEvent?.(event);
    end(why);
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
      graceMs: GRACE_MS,
      mark: runMark(run.id),
      signal: run.signal ? AbortSignal.any([run.signal, stop.signal]) : stop.signal,
      keep: { output: 64 * 1024, stdout: 1024 },
      onStart: (started) => {
        pid = started;
        run.onStart?.(started);
      },
      onOutput: (text, stream) => {
        silence.heard();
        if (stream === 'stdout') lines.add(text);
        else stderr.push(text);
      },
    },
  );
  silence.end();
  clearInterval(money);
  lines.end();
  await new Promise<void>((done) => transcript.end(() => done()));
  const outcome = judgeOutcome({
    exit: group.exit,
    signal: group.signal,
    startError: group.startError,
    stopped: ended ?? stoppedBy(group, run) ?? watcher.stopMark() ?? null,
    result,
    stderr: stderr.join('').slice(-4000),
    retryAfterMs,
  });
  const costUsd = outcome.costUsd ?? (cost.answers() > 0 ? cost.usd() : null);
  return {
    ...outcome,
    costUsd,
    costBasis: costUsd === null ? null : costBasisOf(events, outcome.costUsd !== null, run.env ?? process.env),
    turns: outcome.turns ?? (cost.answers() || null),
    inputTokens: outcome.inputTokens ?? (cost.inputTokens() || null),
    outputTokens: outcome.outputTokens ?? (cost.outputTokens() || null),
    sessionId: result?.sessionId ?? sessionOf(events),
    events,
    guarded: ended === undefined || !UNGUARDED.includes(ended.by),
  };
}

/** What `watchRun` ends a run for whose guards do not hold. */
const UNGUARDED: readonly Stopped['by'][] = ['guard', 'unusable'];
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

function stoppedBy(group: { timedOut: 'wall' | null; aborted: boolean }, run: ClaudeRun): Stopped | null {
  if (group.timedOut === 'wall') return { by: 'wall', afterMs: run.limits.wall_clock };
  return group.aborted ? { by: 'abort' } : null;
}

function sessionOf(events: readonly StreamEvent[]): string | null {
  return events.find((event) => event.kind === 'init')?.sessionId ?? null;
}
