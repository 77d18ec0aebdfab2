/** A fix that people merged on the remote, a clock that a test sets, and a watch that looks when the test says so. */
import { parse } from 'yaml';
import { type Config, configSchema } from '../../../context/schemas/config.ts';
import { openWatching } from '../../../healer/watching/watching.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import type { EventRow } from '../../../store/incidents.ts';
import { addMerge } from '../../../store/merges.ts';
import { saveProposal } from '../../../store/proposals.ts';
import type { IncidentStatus } from '../../../store/states.ts';
import { addRemote, benchOn, commit, freshFolder, run, sampleRepository } from '../sample-repository.ts';

export const FINGERPRINT = '1a2b3c4d5e6f7890';
export const INCIDENT = `INC-${FINGERPRINT}`;
export const START = Date.parse('2026-11-20T12:00:00.000Z');

let events = 0;
/** As intake keeps it; `at` is when it happened and was received. */
export function occurrence(at: number, more: Record<string, unknown> = {}): EventRow {
  const time = new Date(at).toISOString();
  const times = { first_seen: time, last_seen: time, received_at: time };
  return {
    ...{ id: `event-${++events}`, fingerprint: FINGERPRINT, source: 'log', severity: 'high', count: 1 },
    ...{ type: 'TypeError', message: 'x is undefined', file: 'src/price.js', service: 'shop' },
    ...times,
    ...more,
  };
}

export interface MergedOptions {
  /** YAML below `watch:`. */
  watch?: string;
  env?: Record<string, string>;
  event?: Record<string, unknown>;
  /** Other sections of the config. */
  config?: Record<string, unknown>;
  remote?: boolean;
}

const FILES = { 'src/price.js': 'export const price = 1;\n', 'src/other.js': 'export const other = 1;\n' };

/** `way`: merge commit as GitHub makes it, or one that a squash makes. */
export async function mergedFix(options: MergedOptions & { way?: 'merge' | 'squash' } = {}) {
  const { watch = '{}', env = {}, event = {}, way = 'merge' } = options;
  const clock = { at: START };
  const { root, repository, base } = await sampleRepository(FILES);
  const remote = options.remote === false ? undefined : addRemote(root);
  const bench = await benchOn(repository, { now: () => new Date(clock.at) });
  const settings: { config: Config } = {
    config: configSchema.parse({ version: '1.0', watch: parse(watch), ...options.config }),
  };

  await bench.incidents.record(occurrence(clock.at - 3_600_000, event));
  for (const to of ['detected', 'queued', 'healing', 'verified', 'proposed'] as const) await move(bench, to);
  const branch = `hotfix/auto-${FINGERPRINT}`;
  run(root, 'switch', '--quiet', '-c', branch);
  const proposed = commit(root, { 'src/price.js': 'export const price = 2;\n' }, 'Fix the price');
  run(root, 'switch', '--quiet', 'main');
  saveProposal(bench.db, {
    ...{ incident: INCIDENT, round: 1, branch, commit: proposed, url: null, base_branch: 'main' },
    ...{ tree: run(root, 'rev-parse', `${proposed}^{tree}`), status: 'pushed', title: 'Fix the price', summary: '' },
    at: now(),
  });
  // People merge on the remote; what is here stays as it was.
  const there = remote === undefined ? root : freshFolder('there');
  if (remote !== undefined) {
    run(root, 'push', '--quiet', 'origin', branch);
    run(there, 'clone', '--quiet', remote, '.');
  }
  const merging = way === 'merge' ? ['merge', '--no-ff', '-m', `Merge ${branch}`] : ['merge', '--squash'];
  run(there, ...merging, proposed);
  if (way === 'squash') run(there, 'commit', '--quiet', '-m', 'Fix the price (#7)');
  const merge = run(there, 'rev-parse', 'HEAD');
  if (remote !== undefined) run(there, 'push', '--quiet', 'origin', 'main');
  addMerge(bench.db, {
    ...{ incident: INCIDENT, round: 1, commit: merge, merged_at: now(), merged_by: 'github:ada' },
    ...{ how: 'pull_request', unchanged: 1, url: null, at: now() },
  });
  await move(bench, 'merged');

  function now() {
    return new Date(clock.at).toISOString();
  }
  const logged: { event: string; [field: string]: unknown }[] = [];
  const ending = new AbortController();
  /** Another process on the same rows. */
  const restarted = () =>
    openWatching(
      {
        ...{ bench, env },
        settings: async () => settings,
        log: (_level, event_, fields) => {
          logged.push({ event: event_, ...fields });
          if (/_failed$/.test(event_) && event_ !== 'rollback_failed') throw new Error(JSON.stringify(fields));
        },
      },
      ending.signal,
    );
  let look = restarted();
  return {
    ...{ bench, root, remote, there, base, merge, proposed, clock, settings, logged },
    look: () => look(),
    restart() {
      look = restarted();
    },
    /** Looks every `step` milliseconds. */
    async pass(ms: number, step = 10_000) {
      for (const end = clock.at + ms; clock.at < end; ) {
        clock.at = Math.min(end, clock.at + step);
        await look();
      }
    },
    record: async () => {
      const record = await bench.incidents.get(INCIDENT);
      if (!record) throw new Error('It is gone');
      return record;
    },
    status: async () => (await bench.incidents.get(INCIDENT))?.status,
    occur: (more: Record<string, unknown> = {}) => bench.incidents.record(occurrence(clock.at, { ...event, ...more })),
    /** On the remote's main, as people go on working. */
    goOn(files: Record<string, string>) {
      const made = commit(there, files, 'go on');
      if (remote !== undefined) run(there, 'push', '--quiet', 'origin', 'main');
      return made;
    },
  };
}

async function move(bench: Workbench, to: IncidentStatus): Promise<void> {
  const moved = await bench.incidents.transition({ incident: INCIDENT, to, who: 'test', why: 'for the test' });
  if (!moved.ok) throw new Error(`${to}: ${moved.reason}`);
}
