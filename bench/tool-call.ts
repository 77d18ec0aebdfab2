/**
 * What the guards cost per tool call, through the real client: the time between two requests to the model around one Bash
 * call that does nothing. The sessions take turns call by call, so that a busy machine weighs on all alike; medians.
 * Allowed: 1.3 times the bare client, a quarter of what one `node -e 0` command hook adds, and no process of ours per call
 * in an ordinary session.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { bash, use } from '../cli/demo/model-reply.ts';
import { PLUGIN } from '../test/e2e/stage.ts';
import { countStarts } from './tool-call/process-count.ts';
import { nodeHookPlugin, openHealing, openSession, type Session } from './tool-call/sessions.ts';

const WARM_UP = 10;
const CALLS = 120;
const ALLOWED_RATIO = 1.3;
const ALLOWED_PART = 0.25;
/** What a call leaves behind (transcript, recording) is done before another session is timed. */
const PAUSE_MS = 10;

/** No two calls are alike, so that nothing takes them for a loop. */
const KINDS: [name: string, command: (word: string) => string][] = [
  ['true', (word) => `true ${word}`],
  ['10 kB of output', (word) => `printf '${`${word} `.repeat(4)}%s\\n' {a..z}{a..j}`],
];
const NAMES = ['bare', 'node hook', 'ours, ordinary session', 'ours, healing run'] as const;
type Name = (typeof NAMES)[number];

const folder = await mkdtemp(join(tmpdir(), 'bench-call-'));
const sessions: [Name, Session][] = [];
try {
  const hook = await nodeHookPlugin(join(folder, 'node-hook'));
  sessions.push(['bare', await openSession()]);
  sessions.push(['node hook', await openSession(hook)]);
  sessions.push(['ours, ordinary session', await openSession(PLUGIN)]);
  sessions.push(['ours, healing run', await openHealing()]);
  for (const [kind, command] of KINDS) tell(kind, await timed(command));
  await allRan();
  await tellStarts(hook);
} finally {
  for (const [, session] of sessions) await session.end();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function timed(command: (word: string) => string): Promise<Record<Name, number[]>> {
  const times: Record<Name, number[]> = Object.fromEntries(NAMES.map((name) => [name, []])) as never;
  for (let call = 0; call < WARM_UP + CALLS; call++) {
    const typed = command(wordOf(call));
    // Whoever comes after another one is not always the same.
    const turns = call % 2 === 0 ? sessions : [...sessions].reverse();
    for (const [name, { model }] of turns) {
      const ms = await model.answer(use(bash(typed)));
      if (call >= WARM_UP) times[name].push(ms);
      await wait(PAUSE_MS);
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
  const bare = median(times.bare);
  const hook = median(times['node hook']) - bare;
  console.log(`\n${kind} (medians of ${times.bare.length} calls, in turns; load ${load.toFixed(1)} per core)`);
  for (const name of NAMES) {
    const own = median(times[name]);
    const [ratio, part] = [own / bare, (own - bare) / hook];
    const ours = name.startsWith('ours');
    const broken = ours && (ratio > ALLOWED_RATIO || part > ALLOWED_PART);
    console.log(
      `  ${name.padEnd(24)}${own.toFixed(1).padStart(6)} ms, p95 ${quantile(times[name], 0.95).toFixed(1).padStart(6)}, ` +
        `${ratio.toFixed(2)} × bare, adds ${part.toFixed(2)} of the node hook` +
        `${ours ? ` (allowed ${ALLOWED_RATIO} and ${ALLOWED_PART})` : ''}${broken ? ' TOO SLOW' : ''}`,
    );
    if (broken) process.exitCode = 1;
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
