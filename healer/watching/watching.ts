/** The clock of everything that is merged: one look after the other, from rows alone, for as long as `serve` runs. */
import { describeError } from '../../events/errors.ts';
import type { Log } from '../intake/log.ts';
import type { Settings } from '../intake/settings.ts';
import { type Repeating, repeat } from '../repeat.ts';
import type { Workbench } from '../workbench.ts';
import { openContaining } from './containing.ts';
import { lookAtWatch, lookEvery, lookForDeploy } from './look.ts';
import { openSeenReleases } from './seen-releases.ts';
import { openSentry, recentReleases, type SentryRelease } from './sentry.ts';

export interface WatchingOptions {
  bench: Workbench;
  env: Readonly<Record<string, string | undefined>>;
  settings: () => Promise<Pick<Settings, 'config'>>;
  log: Log;
}

const LOOK_MS = 1_000;

/** Looks at each that is merged or watched; what one of them throws is said, and the others are looked at all the same. */
export function openWatching(options: WatchingOptions, signal: AbortSignal): () => Promise<void> {
  const { bench, env, settings, log } = options;
  const containing = openContaining(bench.repository, bench.now, signal);
  const releases = releasesFor(options, signal);
  let seenReleases: ReturnType<typeof openSeenReleases> | undefined;
  return async () => {
    const records = await bench.incidents.list({ status: ['merged', 'watching'] });
    if (records.length === 0) return;
    seenReleases ??= openSeenReleases(bench.db);
    const { config } = await settings();
    const sources = { db: bench.db, containing, seenReleases, sentryReleases: releases };
    const watcher = { bench, config, env, log, signal, containing, sources };
    for (const record of records) {
      if (signal.aborted) return;
      const look = record.status === 'merged' ? lookForDeploy : lookAtWatch;
      await look(watcher, record).catch((error: unknown) => {
        log('error', 'watch_failed', { incident: record.incident, why: describeError(error).message });
      });
    }
  };
}

/** Sentry's releases, asked for no more often than anybody looks at figures. */
function releasesFor({ env, settings, log }: WatchingOptions, signal: AbortSignal): () => Promise<SentryRelease[]> {
  let known: SentryRelease[] = [];
  let asked = Number.NEGATIVE_INFINITY;
  let said = '';
  return async () => {
    const { watch } = (await settings()).config;
    const sentry = openSentry(env, watch.sentry, signal);
    if (sentry === undefined || sentry.org === '' || performance.now() - asked < lookEvery(watch)) return known;
    asked = performance.now();
    const told = await recentReleases(sentry);
    const why = told.ok ? '' : told.why;
    if (why !== '' && why !== said) log('warn', 'releases_not_read', { why });
    said = why;
    if (told.ok) known = told.value;
    return known;
  };
}

export function startWatching(options: WatchingOptions): Repeating {
  const ending = new AbortController();
  const look = openWatching(options, ending.signal);
  const clock = repeat(async () => {
    await look().catch((error: unknown) =>
      options.log('error', 'watching_failed', { why: describeError(error).message }),
    );
    return ending.signal.aborted ? undefined : LOOK_MS;
  });
  return {
    async stop() {
      ending.abort();
      await clock.stop();
    },
  };
}
