/**
 * The same numbers for Prometheus, as text in its exposition format, version 0.0.4. Counters are counted from append-only
 * rows, so they never fall, restarts included.
 */
import type { Database } from '../../store/sqlite.ts';
import { INCIDENT_STATUSES } from '../../store/states.ts';
import type { Workbench } from '../workbench.ts';
import { type Figures, metricsOf } from './figures.ts';
import { roundsIn } from './metrics.ts';

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** What only the running service knows. */
export interface Standing {
  version: string;
  dryRun: boolean;
  paused: boolean;
  standingStill: boolean;
  running: number;
  /** Notices to people that were not told yet. */
  notices: number;
}

export interface Exposition {
  text(standing: Standing): string;
}

/** A scrape comes every few seconds; the figures of thirty days do not change as fast, and cost a walk over all rounds. */
const FIGURES_LIVE_MS = 60_000;
const WINDOW_MS = 30 * 24 * 3_600_000;

type Sample = [labels: Record<string, string>, value: number];
interface Family {
  name: string;
  type: 'counter' | 'gauge';
  help: string;
  samples: Sample[];
}

export function openExposition(bench: Workbench): Exposition {
  let kept: { at: number; families: Family[] } | undefined;
  const figures = () => {
    const now = bench.now().getTime();
    if (kept === undefined || now - kept.at >= FIGURES_LIVE_MS || now < kept.at)
      kept = { at: now, families: figureFamilies(bench, now) };
    return kept.families;
  };
  return {
    text: (standing) => [...standingFamilies(standing), ...rowFamilies(bench.db), ...figures()].map(written).join(''),
  };
}

function standingFamilies({ version, dryRun, paused, standingStill, running, notices }: Standing): Family[] {
  return [
    gauge('build_info', 'Always 1; what runs is in its labels.', [[{ version, dry_run: String(dryRun) }, 1]]),
    gauge('paused', '1 while the kill switch is set.', [[{}, Number(paused)]]),
    gauge('standing_still', '1 while the queue starts nothing, for whatever reason.', [[{}, Number(standingStill)]]),
    gauge('running', 'Incidents that are being healed now.', [[{}, running]]),
    gauge('notices_waiting', 'Notices to people that were not told yet.', [[{}, notices]]),
  ];
}

function rowFamilies(db: Database): Family[] {
  const statuses = new Map(
    db
      .all<{ status: string; count: number }>('SELECT status, count(*) AS count FROM incidents GROUP BY status')
      .map(({ status, count }) => [status, count]),
  );
  const sources = db.all<{ source: string; count: number }>(
    'SELECT source, sum(count) AS count FROM incidents GROUP BY source ORDER BY source',
  );
  const steps = db.all<{ to_status: string; count: number }>(
    'SELECT to_status, count(*) AS count FROM transitions GROUP BY to_status ORDER BY to_status',
  );
  const runs = db.all<{ phase: string; failure_mode: string; count: number; seconds: number; usd: number }>(
    `SELECT phase, coalesce(failure_mode, 'none') AS failure_mode, count(*) AS count,
       sum((julianday(ended_at) - julianday(started_at)) * 86400) AS seconds, coalesce(sum(cost_usd), 0) AS usd
     FROM runs WHERE ended_at IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const ofRuns = (value: (run: (typeof runs)[number]) => number): Sample[] =>
    runs.map((run) => [{ phase: run.phase, failure_mode: run.failure_mode }, value(run)]);
  return [
    gauge(
      'incidents',
      'Incidents by their present state.',
      INCIDENT_STATUSES.map((status) => [{ status }, statuses.get(status) ?? 0]),
    ),
    counter(
      'errors_total',
      'Occurrences of errors that were taken in, by where the incident first came from.',
      sources.map(({ source, count }) => [{ source }, count]),
    ),
    counter(
      'transitions_total',
      'Steps of incidents, by the state that they led to.',
      steps.map(({ to_status, count }) => [{ to: to_status }, count]),
    ),
    counter(
      'runs_total',
      'Runs of the agent that ended, by how.',
      ofRuns(({ count }) => count),
    ),
    counter(
      'run_seconds_total',
      'Seconds that they took.',
      ofRuns(({ seconds }) => seconds),
    ),
    counter(
      'cost_usd_total',
      'US dollars that they cost, as the client told or as estimated.',
      ofRuns(({ usd }) => usd),
    ),
  ];
}

const FIGURES: [figure: keyof Figures, name: string, help: string][] = [
  ['auto_fix_rate', 'auto_fix_ratio', 'Proposed of ended rounds'],
  ['time_to_fix_s', 'time_to_fix_seconds', 'Median from the first occurrence to the proposal'],
  ['fix_accuracy', 'fix_accuracy_ratio', 'Merged unchanged of decided proposals'],
  ['false_positive_rate', 'false_positive_ratio', 'Rejected or recurred of decided proposals'],
  ['regression_rate', 'regression_ratio', 'Rolled back or come back of merged ones'],
  ['recovery_rate', 'recovery_ratio', 'Rescued by the first retry of retried ones'],
  ['cost_per_fix_usd', 'cost_per_fix_usd', 'US dollars for each proposal'],
];

/** No sample where nothing was counted: a 0 would be a lie. */
function figureFamilies(bench: Workbench, now: number): Family[] {
  const since = new Date(now - WINDOW_MS).toISOString();
  const { overall, by_class } = metricsOf(roundsIn(bench, { since }), since);
  const groups: [string, Figures][] = [['all', overall], ...Object.entries(by_class)];
  return FIGURES.map(([figure, name, help]) =>
    gauge(
      name,
      `${help}, over the last 30 days.`,
      groups.flatMap(
        ([
          group,
          {
            [figure]: { value },
          },
        ]): Sample[] => (value === null ? [] : [[{ class: group }, value]]),
      ),
    ),
  );
}

function gauge(name: string, help: string, samples: Sample[]): Family {
  return { name: `self_healing_${name}`, type: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: Sample[]): Family {
  return { name: `self_healing_${name}`, type: 'counter', help, samples };
}

function written({ name, type, help, samples }: Family): string {
  if (samples.length === 0) return '';
  const lines = samples.map(([labels, value]) => `${name}${labelled(labels)} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}

function labelled(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
}
