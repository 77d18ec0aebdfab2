/**
 * The logs of `sources.logs`, followed in the process of `serve` with the watcher's own code: what is found is on disk with
 * the place it was read up to, and goes from there into the database under ids that make a second time change nothing.
 */
import { isAbsolute, join } from 'node:path';
import { describeError } from '../../events/errors.ts';
import type { Sent } from '../watcher/relay.ts';
import { type Batch, Spool } from '../watcher/spool.ts';
import { watchLogs } from '../watcher/watcher.ts';
import type { Log } from './log.ts';
import type { Intake } from './receive.ts';
import { record } from './record.ts';

/** The globs are those of the settings at the start; relative ones are looked for in the repository. */
export async function startLogs(intake: Intake, log: Log): Promise<{ stop(): Promise<void> }> {
  const { bench, settings } = intake;
  const { config } = await settings();
  if (config.sources.logs.length === 0) return { stop: async () => {} };
  const sources = config.sources.logs.map(({ glob, service, environment }) => ({
    glob: isAbsolute(glob) ? glob : join(bench.repository.root, glob),
    service: service || undefined,
    environment: environment || undefined,
  }));
  const ended = new AbortController();
  const watching = watchLogs(
    {
      sources,
      cwd: bench.repository.root,
      spool: new Spool(join(bench.repository.home, 'logs')),
      normalizeOptions: async () => (await settings()).options,
      deliver: (batch) => deliver(intake, batch),
      now: bench.now,
      log,
    },
    ended.signal,
  ).catch((error: unknown) => log('error', 'logs_failed', { why: describeError(error).message }));
  log('info', 'following', { globs: sources.map(({ glob }) => glob) });
  return {
    async stop() {
      ended.abort();
      await watching;
    },
  };
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
