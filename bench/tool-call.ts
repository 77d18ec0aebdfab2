/**
 * What the guards cost per tool call, through the real client: the time between two requests to the model around one Bash
 * call that does nothing. The sessions take turns call by call, so that a busy machine weighs on all alike; medians.
 * Allowed: 1.3 times the bare client, a quarter of what one `node -e 0` command hook adds, and no process of ours per call
 * in an ordinary session.
 *
 * Each kind of session has a bare client of its own. For an ordinary session that is the client without a plugin. For a
 * healing run it is the very client that `heal` starts (same arguments, environment, agent, tools and stream), with our
 * plugin without its hooks, and without `heal`: what the hooks and their traces in stream and transcript cost, and all that
 * `heal` does for a call that it reads of, counts as the guards'. "idle hooks" is no limit but a
 * measure: our hooks.json on a server that answers at once, which is the part that the client itself charges.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { bash, use } from '../cli/demo/model-reply.ts';
import { PLUGIN } from '../test/e2e/stage.ts';
import { agentsPlugin, idlePlugin, unguardedPlugin, withNodeHook } from './tool-call/plugins.ts';
import { countStarts } from './tool-call/process-count.ts';
import { openHealing, openRunLike, openSession, type Session } from './tool-call/sessions.ts';

const WARM_UP = 10;
const CALLS = 120;
const ALLOWED_RATIO = 1.3;
const ALLOWED_PART = 0.25;
/** What a call leaves behind (transcript, recording) is done before another session is timed. */
const PAUSE_MS = 10;
/** A healing run writes its record 150 ms later, while a model would think; others must not be timed meanwhile. */
const RECORD_MS = 250;

/** No two calls are alike, so that nothing takes them for a loop. */
const KINDS: [name: string, command: (word: string) => string][] = [
  ['true', (word) => `true ${word}`],
  ['10 kB of output', (word) => `printf '${`${word} `.repeat(4)}%s\\n' {a..z}{a..j}`],
];
const GROUPS = ['ordinary session', 'healing run'] as const;
const VARIANTS = ['bare', 'node hook', 'idle hooks', 'ours'] as const;
type Group = (typeof GROUPS)[number];
type Variant = (typeof VARIANTS)[number];
type Name = `${Group}, ${Variant}`;

const folder = await mkdtemp(join(tmpdir(), 'bench-call-'));
const sessions: [Name, Session][] = [];
try {
  const hook = await withNodeHook(await agentsPlugin(join(folder, 'node-hook')));
  const idle = await idlePlugin(join(folder, 'idle-hooks'));
  sessions.push(['ordinary session, bare', await openSession()]);
  sessions.push(['ordinary session, node hook', await openSession(hook)]);
  sessions.push(['ordinary session, idle hooks', await openSession(idle)]);
  sessions.push(['ordinary session, ours', await openSession(PLUGIN)]);
  const healing = await openHealing(folder);
  const unguarded = await unguardedPlugin(join(folder, 'unguarded'));
  const unguardedHook = await withNodeHook(await unguardedPlugin(join(folder, 'unguarded-hook')));
  sessions.push(['healing run, bare', await openRunLike(healing.start, unguarded)]);
  sessions.push(['healing run, node hook', await openRunLike(healing.start, unguardedHook)]);
  sessions.push(['healing run, idle hooks', await openRunLike(healing.start, idle)]);
  sessions.push(['healing run, ours', healing]);
  for (const [kind, command] of KINDS) tell(kind, await timed(command));
  await allRan();
  await tellStarts(hook);
} finally {
  for (const [, session] of sessions) await session.end();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function timed(command: (word: string) => string): Promise<Record<Name, number[]>> {
  const times = Object.fromEntries(sessions.map(([name]) => [name, []])) as unknown as Record<Name, number[]>;
  for (let call = 0; call < WARM_UP + CALLS; call++) {
    const typed = command(wordOf(call));
    // Whoever comes after another one is not always the same.
    const turns = call % 2 === 0 ? sessions : [...sessions].reverse();
    for (const [name, { model }] of turns) {
      const ms = await model.answer(use(bash(typed)));
      if (call >= WARM_UP) times[name].push(ms);
      await wait(name === 'healing run, ours' ? RECORD_MS : PAUSE_MS);
    }
  }
  return times;
}

/** Letters only: numbers are masked before calls are compared. */
function wordOf(call: number): string {
  const letters = 'bcdfghklmnprstvz';
  return [call >> 4, call, call * 7, call * 3 + 1].map((at) => `${letters[at & 15]}a`).join('');
}

function tell(kind: string, times: Record<Name, number[]>): void {
  const load = (loadavg()[0] ?? 0) / availableParallelism();
  console.log(`\n${kind} (medians of ${CALLS} calls, in turns; load ${load.toFixed(1)} per core)`);
  for (const group of GROUPS) {
    const bare = median(times[`${group}, bare`]);
    const hook = median(times[`${group}, node hook`]) - bare;
    for (const variant of VARIANTS) {
      const own = times[`${group}, ${variant}`];
      const [ratio, part] = [median(own) / bare, (median(own) - bare) / hook];
      const broken = variant === 'ours' && (ratio > ALLOWED_RATIO || part > ALLOWED_PART);
      console.log(
        `  ${`${group}, ${variant}`.padEnd(29)}${median(own).toFixed(1).padStart(6)} ms, ` +
          `p95 ${quantile(own, 0.95).toFixed(1).padStart(6)}, ${ratio.toFixed(2)} × bare, ` +
          `adds ${part.toFixed(2)} of the node hook` +
          `${variant === 'ours' ? ` (allowed ${ALLOWED_RATIO} and ${ALLOWED_PART})` : ''}${broken ? ' TOO SLOW' : ''}`,
      );
      if (broken) process.exitCode = 1;
    }
  }
}

/** A call that was denied, or remarked upon, would be another measurement. */
async function allRan(): Promise<void> {
  for (const [name, { model }] of sessions) {
    const { allResults, messages } = await model.turn();
    const failed = allResults.find(({ isError }) => isError);
    if (failed) throw new Error(`${name}: a call did not run: ${failed.text}`);
    if (JSON.stringify(messages).includes('[loop.')) throw new Error(`${name}: the calls were taken for a loop`);
  }
}

async function tellStarts(hook: string): Promise<void> {
  const [seen, ours] = [await countStarts(hook, folder), await countStarts(PLUGIN, folder)];
  console.log(
    `\nprocesses per call by name: node hook ${seen.toFixed(2)}, ours in an ordinary session ${ours.toFixed(2)} (allowed 0)`,
  );
  if (seen < 1) throw new Error('the count misses the very process that the node hook starts');
  if (ours > 0) process.exitCode = 1;
}

function median(values: number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: number[], at: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * at)] ?? Number.NaN;
}
