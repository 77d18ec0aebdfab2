/** One look at an incident whose fix is merged: whether it is deployed, how it does there, and what follows from it. */
import type { Config } from '../../context/schemas/config.ts';
import { addErrand } from '../../store/errands.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { type Merge, mergeOf } from '../../store/merges.ts';
import { rollbackOf } from '../../store/rollbacks.ts';
import {
  addReading,
  beginWatch,
  noteLook,
  noteSentry,
  noteWaiting,
  type Reading,
  readingsOf,
  type Watch,
  watchOf,
} from '../../store/watches.ts';
import { growingPause } from '../growing-pause.ts';
import { pausedBy } from '../heal/pause.ts';
import type { Log } from '../intake/log.ts';
import type { Workbench } from '../workbench.ts';
import { occurredAgain, sentryIssueOf } from './again.ts';
import type { Containing } from './containing.ts';
import { type DeploySources, deployWait, findDeploy, type Merged } from './deploy.ts';
import { endAs, moveOn } from './end.ts';
import { readFigures } from './figures.ts';
import { judge } from './judge.ts';
import { writeWatchSection } from './report-section.ts';
import { decide, rollBack } from './rollback.ts';
import { openSentry } from './sentry.ts';
import { eventsOfNewRelease } from './sentry-count.ts';
import { resolveErrand } from './sentry-errand.ts';

export interface Watcher {
  bench: Workbench;
  config: Config;
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
  signal: AbortSignal;
  containing: Containing;
  sources: DeploySources;
}

/** A look takes seconds at most; a longer pause means that nobody looked. */
const PAUSE_MS = 60_000;
const SHORTEST_MS = 1_000;
const LONGEST_MS = 30_000;
const LOOKS = 60;
const HOUR_MS = 60 * 60_000;

/** Milliseconds from one look at a watch to the next. */
export function lookEvery({ window }: Pick<Config['watch'], 'window'>): number {
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, window / LOOKS));
}

/** Begins the watch where a deploy was seen, or waited for long enough. */
export async function lookForDeploy(watcher: Watcher, record: IncidentRecord): Promise<void> {
  const { bench, config, sources, log } = watcher;
  const { incident, round } = record;
  const now = bench.now();
  const moved = (await bench.incidents.transitions(incident)).findLast(({ to }) => to === 'merged');
  const merge = mergeOf(bench.db, incident, round);
  const mergedAt = merge?.merged_at ?? moved?.at ?? now.toISOString();
  const deploy = merge && (await findDeploy(sources, mergedAs(merge, record)));
  const wait = deployWait(bench.db, config.watch);
  if (deploy === undefined && now.getTime() - Date.parse(mergedAt) < wait) return;
  const deployed = Date.parse(deploy?.deployed_at ?? '');
  const began_at = new Date(Math.min(now.getTime(), deployed || now.getTime())).toISOString();
  const basis = deploy ?? {
    basis: 'merge' as const,
    told_by: `nothing told of a deploy within ${Math.round(wait / 1000)} s of the merge`,
    release: null,
    deployed_at: mergedAt,
  };
  beginWatch(bench.db, { incident, round, ...basis, began_at });
  await bench.incidents.transition({ incident, to: 'watching', who: 'watch', why: basis.told_by, from: ['merged'] });
  await writeWatchSection(bench, record);
  log('info', 'watching', { incident, basis: basis.basis, told_by: basis.told_by, since: began_at });
}

/** Whoever tells of a deploy may have another clock: what is deployed has to contain the merge in any case. */
function mergedAs({ commit, merged_at }: Merge, { event }: IncidentRecord): Merged {
  const { environment } = event as { environment?: string };
  return { commit, since: new Date(Date.parse(merged_at) - HOUR_MS).toISOString(), merged_at, environment };
}

export async function lookAtWatch(watcher: Watcher, record: IncidentRecord): Promise<void> {
  const { bench, config } = watcher;
  const { incident, round } = record;
  const watch = watchOf(bench.db, incident, round);
  if (!watch) {
    // Somebody moved it by hand: there is nothing that it could be judged by before now.
    const at = bench.now().toISOString();
    const told_by = 'the incident was moved without a deploy';
    beginWatch(bench.db, { incident, round, basis: 'merge', told_by, release: null, deployed_at: at, began_at: at });
    return;
  }
  if (watch.verdict !== null) return moveOn(bench, record, watch.verdict, watch.why);
  if (rollbackOf(bench.db, incident, round)) return takeBack(watcher, record);
  if (!isDue(watch, config, bench.now())) return;
  if (await beganAnew(watcher, record, watch)) return;

  noteLook(bench.db, record, bench.now(), Math.max(PAUSE_MS, 2 * lookEvery(config.watch)));
  await askSources(watcher, record, watch);
  const judgement = judge({
    settings: config.watch,
    watch: watchOf(bench.db, incident, round) ?? watch,
    readings: readingsOf(bench.db, incident, round),
    again: await occurredAgain(
      { db: bench.db, containing: watcher.containing, graceMs: lookEvery(config.watch) },
      watch,
      mergeOf(bench.db, incident, round)?.commit,
    ),
    asksSentry: issueIn(watcher, incident) !== undefined,
    now: bench.now(),
  });
  const { why } = judgement;
  switch (judgement.verdict) {
    case 'wait':
      return noteWaiting(bench.db, record, why);
    case 'roll_back':
      watcher.log('warn', 'rolling_back', { incident, why, mode: config.watch.rollback.mode });
      await decide(bench, record, config.watch.rollback.mode, why);
      return takeBack(watcher, record);
    case 'resolve':
      watcher.log('info', 'resolved', { incident, why });
      // It waits until the incident really is resolved.
      if (issueIn(watcher, incident)) addErrand(bench.db, resolveErrand(incident, round), bench.now());
      return endAs(bench, record, { verdict: 'resolved', why });
    case 'not_judged':
      watcher.log('warn', 'not_judged', { incident, why });
      return endAs(bench, record, {
        verdict: 'handed_over',
        why: `the fix is deployed, and could not be judged: ${why}`,
        needs:
          'Look whether the error is gone. If it is not, try again or revert the fix; if it is, end the incident with cancel.',
      });
    default:
      return judgement satisfies never;
  }
}

function isDue({ looked_at, began_at }: Watch, { watch }: Config, now: Date): boolean {
  return looked_at === began_at || now.getTime() - Date.parse(looked_at) >= lookEvery(watch) * 0.9;
}

/** A watch that was begun on a guess begins again when the deploy is seen. */
async function beganAnew(watcher: Watcher, record: IncidentRecord, { basis, began_at }: Watch): Promise<boolean> {
  const { bench } = watcher;
  const merge = mergeOf(bench.db, record.incident, record.round);
  if (basis !== 'merge' || merge === undefined) return false;
  const deploy = await findDeploy(watcher.sources, mergedAs(merge, record));
  if (deploy === undefined) return false;
  const since = deploy.deployed_at < began_at ? began_at : deploy.deployed_at;
  beginWatch(bench.db, { incident: record.incident, round: record.round, ...deploy, began_at: since });
  watcher.log('info', 'watching', { incident: record.incident, basis: deploy.basis, told_by: deploy.told_by, since });
  await writeWatchSection(bench, record);
  return true;
}

async function askSources(watcher: Watcher, record: IncidentRecord, watch: Watch): Promise<void> {
  const { bench, config, signal } = watcher;
  const now = bench.now();
  const issue = issueIn(watcher, record.incident);
  if (issue) {
    const asked = { ...issue, watch, merge: mergeOf(bench.db, record.incident, record.round)?.commit };
    const told = await eventsOfNewRelease(watcher.containing, asked);
    const at = now.toISOString();
    noteSentry(
      bench.db,
      record,
      told.ok ? { at, count: told.value, problem: null } : { at, count: null, problem: told.why },
    );
  }
  const { prometheus: url } = config.watch;
  const readings = readingsOf(bench.db, record.incident, record.round);
  if (url === '' || waitsAfterFailures(readings, config, now)) return;
  const before = readings.at(-1);
  addReading(bench.db, record, await readFigures({ url, signal }, { settings: config.watch, watch, before, now }));
}

/** Growing pauses while Prometheus does not answer: each twice as long as the one before, a minute at most. */
function waitsAfterFailures(readings: readonly Reading[], { watch }: Config, now: Date): boolean {
  const last = readings.at(-1);
  if (last?.problem == null) return false;
  const failures = readings.length - 1 - readings.findLastIndex(({ problem }) => problem === null);
  const longest = Math.max(lookEvery(watch), Math.min(PAUSE_MS, watch.window / 4));
  const pause = growingPause(failures, { firstMs: lookEvery(watch), longestMs: longest });
  return now.getTime() - Date.parse(last.at) < pause * 0.9;
}

function issueIn({ bench, config, env, signal }: Watcher, incident: string) {
  const sentry = openSentry(env, config.watch.sentry, signal);
  const issue = sentry && sentryIssueOf(bench.db, incident);
  return sentry && issue ? { sentry, issue } : undefined;
}

async function takeBack(watcher: Watcher, record: IncidentRecord): Promise<void> {
  const { bench, config, env, signal, log } = watcher;
  const { incident, round } = record;
  const why = rollbackOf(bench.db, incident, round)?.why ?? '';
  const paused = pausedBy(bench.repository.root, env);
  if (paused !== undefined) return noteWaiting(bench.db, record, `${why}; nothing is taken back while ${paused}`);
  const done = await rollBack(bench, record, { config, env, signal });
  switch (done.outcome) {
    case 'later':
      return noteWaiting(bench.db, record, `${why}; it is to be rolled back, and that waits: ${done.why}`);
    case 'done':
      log('warn', 'rolled_back', { incident, why, what: done.what });
      return endAs(bench, record, {
        verdict: 'rolled_back',
        why: `${why}; ${done.what}`,
        needs: done.url ? `Review and merge the revert, then deploy it: ${done.url}` : `Look at it: ${done.what}.`,
      });
    case 'failed': {
      log('error', 'rollback_failed', { incident, why, what: done.why });
      const commit = mergeOf(bench.db, incident, round)?.commit;
      const command =
        commit === undefined
          ? 'Revert the fix by hand'
          : `\`git revert ${commit.slice(0, 12)}\` (with \`-m 1\` for a merge commit)`;
      return endAs(bench, record, {
        verdict: 'handed_over',
        why: `the fix made it worse (${why}), and it could not be rolled back: ${done.why}`,
        needs: `Take it back now: ${command}, and deploy.`,
      });
    }
    default:
      return done satisfies never;
  }
}
