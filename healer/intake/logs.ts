/**
 * The logs of `sources.logs`, followed in the process of `serve` with the watcher's own code: what is found is on disk with
 * the place it was read up to, and goes from there into the database under ids that make a second time change nothing. So it
 * can begin anew at any time: with growing pauses when it failed, and at once when the settings name other logs.
 */

import { isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../context/schemas/config.ts';
import { describeError } from '../../events/errors.ts';
import { growingPause } from '../growing-pause.ts';
import { repeat } from '../repeat.ts';
import type { LogSource } from '../watcher/log-files.ts';
import type { Sent } from '../watcher/relay.ts';
import { type Batch, Spool } from '../watcher/spool.ts';
import { watchLogs } from '../watcher/watcher.ts';
import type { Log } from './log.ts';
import type { Intake } from './receive.ts';
import { record } from './record.ts';

/** How often it is asked whether the settings name other logs. */
const LOOK_MS = 1_000;
const PAUSE = { firstMs: 1_000, longestMs: 300_000 } as const;
/** What ran this long had got over its last failure. */
const WELL_MS = 60_000;

export interface LogsState {
  /** As the settings name them, made absolute. */
  following: string[];
  /** Why nothing is read now. `since`, `next_try`: ISO 8601. */
  failed: { why: string; times: number; since: string; next_try: string } | null;
}

export interface Logs {
  state(): LogsState;
  stop(): Promise<void>;
}

export function startLogs(intake: Intake, log: Log): Logs {
  const state: LogsState = { following: [], failed: null };
  const ended = new AbortController();
  const running = followAll(intake, log, state, ended.signal);
  return {
    state: () => state,
    async stop() {
      ended.abort();
      await running;
    },
  };
}

async function followAll(intake: Intake, log: Log, state: LogsState, ended: AbortSignal): Promise<void> {
  const { now } = intake.bench;
  let times = 0;
  while (!ended.aborted) {
    const began = performance.now();
    try {
      await follow(intake, log, state, ended);
      times = 0;
    } catch (error) {
      if (performance.now() - began >= WELL_MS) times = 0;
      const ms = growingPause(++times, PAUSE);
      const why = describeError(error).message;
      log('error', 'logs_failed', { why, times, again_in_ms: ms });
      const at = now();
      const next_try = new Date(at.getTime() + ms).toISOString();
      state.failed = { why, times, since: state.failed?.since ?? at.toISOString(), next_try };
      await sleep(ms, undefined, { signal: ended }).catch(() => {});
    }
  }
}

/** Until the settings name other logs, or the end; throws what keeps it from reading. */
async function follow(intake: Intake, log: Log, state: LogsState, ended: AbortSignal): Promise<void> {
  const { bench, settings } = intake;
  const { root, home } = bench.repository;
  const began = performance.now();
  const sources = sourcesOf((await settings()).config, root);
  const changed = new AbortController();
  const looking = repeat(async () => {
    if (JSON.stringify(sourcesOf((await settings()).config, root)) !== JSON.stringify(sources)) {
      changed.abort();
      return undefined;
    }
    if (state.failed && performance.now() - began >= LOOK_MS) {
      log('info', 'logs_back');
      state.failed = null;
    }
    return LOOK_MS;
  });
  const over = AbortSignal.any([ended, changed.signal]);
  const before = state.following;
  state.following = sources.map(({ glob }) => glob);
  try {
    if (before.length + sources.length > 0) log('info', 'following', { globs: state.following });
    if (sources.length === 0) await new Promise((resolve) => over.addEventListener('abort', resolve, { once: true }));
    else
      await watchLogs(
        {
          sources,
          cwd: root,
          spool: new Spool(join(home, 'logs')),
          normalizeOptions: async () => (await settings()).options,
          deliver: (batch) => deliver(intake, batch),
          now: bench.now,
          log,
        },
        over,
      );
  } finally {
    await looking.stop();
  }
}

/** Relative globs are looked for in the repository. */
function sourcesOf({ sources }: Config, root: string): LogSource[] {
  return sources.logs.map(({ glob, service, environment }) => ({
    glob: isAbsolute(glob) ? glob : join(root, glob),
    service: service || undefined,
    environment: environment || undefined,
  }));
}

async function deliver(intake: Intake, { id, events }: Batch): Promise<Sent> {
  try {
    const { config } = await intake.settings();
    await record(intake, config, { source: 'log', id, events });
    return { outcome: 'accepted' };
  } catch (error) {
    return { outcome: 'later', why: describeError(error).message };
  }
}
