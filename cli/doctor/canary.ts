/**
 * The canary: the real client plays two short conversations with a scripted model on loopback, in which every hook of the
 * plugin has a reason to fire. What is reported is what the client's own stream says about its hooks. Nothing leaves the
 * machine.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type GroupResult, runGroup } from '../../gate/process-group.ts';
import { type Init, lineReader, parseLine, type StreamEvent } from '../../healer/runs/stream.ts';
import { TOOL_PREFIX } from '../../hooks/own-server.ts';
import { bash, livingContext, type Reply, say, use } from '../demo/model-reply.ts';
import type { ToolResult, Turn } from '../demo/model-turn.ts';
import { startScriptedModel } from '../demo/scripted-model.ts';
import { scriptedClientEnvironment } from '../scripted-client.ts';
import type { CanaryHome } from './canary-home.ts';

/** Of one conversation; both together take 3 s where all is well. */
const LIMIT_MS = 30_000;
/** What the guard must deny whoever asks; the canary's repository has no remote either. */
const FORBIDDEN = 'git push origin main';
const FAILING = 'cat no-such-file';
/** To note it, the server opens a database in the canary's repository. */
const ERROR = "TypeError: Cannot read properties of undefined (reading 'canary')\n    at sing (canary.js:1:1)";

/** A hook that has answered. */
export interface Sighting {
  event: string;
  /** From the client's start of it to its answer. */
  ms: number;
  ok: boolean;
  /** What it said, on whichever channel. */
  text: string;
}

export interface Canary {
  init: Init | undefined;
  sightings: Sighting[];
  /** What a tool of our server answered; undefined when it was not called. */
  answer: ToolResult | undefined;
  /** Why the client did not get to the end; undefined when it did. */
  problem: string | undefined;
}

export interface CanaryRun {
  command: string;
  pluginDir: string;
  place: CanaryHome;
  /** As `heal` starts its runs: without the project's settings. */
  asHeal: boolean;
  signal: AbortSignal;
}

export async function runCanary(run: CanaryRun): Promise<Canary> {
  let answer: ToolResult | undefined;
  const model = await startScriptedModel((turn) => {
    if (turn.agent === 'main' && turn.step === 2) answer = turn.results[0];
    return part(turn);
  });
  const seen: Omit<Canary, 'answer' | 'problem'> = { init: undefined, sightings: [] };
  try {
    // One after the other: both have the same HOME.
    const told = await converse('/self-healing:skip', run, model.url, seen);
    const worked = told.problem === undefined ? await converse('Look around.', run, model.url, seen) : told;
    const longest = await longestPrograms(run.place.home);
    // At its start the client tells of a hook when it is over: there its own clock, in the transcript, is the better one.
    for (const sighting of seen.sightings) sighting.ms = Math.max(sighting.ms, longest.get(sighting.event) ?? 0);
    return { ...seen, answer, problem: worked.problem };
  } finally {
    await model.stop();
  }
}

/** The main model sends the diagnostician, who is denied a command and fails with another one, and tells our server an error. */
function part({ agent, step }: Turn): Reply {
  if (agent === 'main') {
    if (step === 1) return use(livingContext('report_error', { text: ERROR, source: 'log' }));
    if (step > 1) return say('Done.');
    const input = { description: 'canary', prompt: 'Look around.', subagent_type: 'self-healing:diagnostician' };
    return use({ name: 'Agent', input: { ...input, run_in_background: false } });
  }
  if (step === 0) return use(bash(FORBIDDEN));
  return step === 1 ? use(bash(FAILING)) : say('Done.');
}

async function converse(
  prompt: string,
  { command, pluginDir, place, asHeal, signal }: CanaryRun,
  modelUrl: string,
  seen: Omit<Canary, 'answer' | 'problem'>,
): Promise<{ problem: string | undefined }> {
  let result: Extract<StreamEvent, { kind: 'result' }> | undefined;
  const clock = hookClock((sighting) => seen.sightings.push(sighting));
  const lines = lineReader((line) => {
    clock(line);
    for (const event of parseLine(line)) {
      if (event.kind === 'init') seen.init = event;
      if (event.kind === 'result') result = event;
    }
  });
  const group = await runGroup(
    {
      argv: [
        command,
        ...['-p', prompt, '--output-format', 'stream-json', '--verbose', '--include-hook-events'],
        ...['--plugin-dir', pluginDir, ...(asHeal ? ['--setting-sources', 'user'] : [])],
        ...['--permission-mode', 'dontAsk', '--allowedTools', `Bash,${TOOL_PREFIX.slice(0, -2)}`],
      ],
    },
    {
      cwd: place.cwd,
      env: { ...scriptedClientEnvironment(place.home, modelUrl), ...place.env },
      timeoutMs: LIMIT_MS,
      signal,
      onOutput: (text, stream) => {
        if (stream === 'stdout') lines.add(text);
      },
    },
  );
  lines.end();
  return { problem: result === undefined ? why(group) : undefined };
}

function why(group: GroupResult): string {
  if (group.startError !== null) return group.startError;
  if (group.timedOut !== null) return `it did not end within ${LIMIT_MS / 1000} s`;
  if (group.aborted) return 'it was cancelled';
  return group.output.trim().split('\n').at(-1)?.slice(0, 200) || `it ended with exit code ${group.exit}`;
}

const hookLine = z.object({
  subtype: z.enum(['hook_started', 'hook_response']),
  hook_id: z.string(),
  hook_event: z.string(),
  outcome: z.string().catch(''),
  stdout: z.string().catch(''),
  stderr: z.string().catch(''),
  output: z.string().catch(''),
});

/** Takes the time between the two lines by which the client frames a hook. */
function hookClock(onSighting: (sighting: Sighting) => void): (line: string) => void {
  const started = new Map<string, number>();
  return (line) => {
    if (!line.includes('"hook_')) return;
    const read = hookLine.safeParse(JSON.parse(line));
    if (!read.success) return;
    const { subtype, hook_id, hook_event, outcome, stdout, stderr, output } = read.data;
    const now = performance.now();
    if (subtype === 'hook_started') {
      started.set(hook_id, now);
      return;
    }
    const text = [stderr, stdout, output].find((said) => said.trim() !== '') ?? '';
    onSighting({ event: hook_event, ms: now - (started.get(hook_id) ?? now), ok: outcome === 'success', text });
  };
}

const attachmentLine = z.object({ attachment: z.object({ hookEvent: z.string(), durationMs: z.number() }) });

/** Milliseconds of the longest program of each event, as the client has written them down. */
async function longestPrograms(home: string): Promise<Map<string, number>> {
  const folder = join(home, '.claude', 'projects');
  const longest = new Map<string, number>();
  const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
  for (const name of names.filter((path) => path.endsWith('.jsonl'))) {
    for (const line of (await readFile(join(folder, name), 'utf8')).split('\n')) {
      const read = line.includes('"durationMs"') ? attachmentLine.safeParse(JSON.parse(line)) : undefined;
      if (!read?.success) continue;
      const { hookEvent, durationMs } = read.data.attachment;
      longest.set(hookEvent, Math.max(durationMs, longest.get(hookEvent) ?? 0));
    }
  }
  return longest;
}

/** What the server says when it is started by hand, with nobody to talk to: its reason, where it does not start. */
export async function startServer(pluginDir: string, place: CanaryHome, signal: AbortSignal): Promise<string> {
  const { output, exit, startError } = await runGroup(
    { argv: ['sh', join(pluginDir, 'bin', 'launch'), 'server'] },
    {
      cwd: place.cwd,
      env: { ...scriptedClientEnvironment(place.home, ''), ...place.env },
      timeoutMs: 10_000,
      input: '',
      signal,
    },
  );
  return startError ?? (output.trim() || (exit === 0 ? '' : `exit code ${exit}`));
}
