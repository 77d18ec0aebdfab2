/** `GET /healthz`: whether it lives, what waits, why nothing is started, and which sources could take something in. */
import { INCIDENT_STATUSES, type IncidentStatus } from '../../../store/states.ts';
import { channelStates } from '../../approval/channels.ts';
import { pausedBy } from '../../heal/pause.ts';
import { noticesState } from '../../notify/clocks.ts';
import { queueState } from '../../queue/state.ts';
import type { LogsState } from '../logs.ts';
import type { Intake } from '../receive.ts';
import { notReadyFor, type Source } from '../source.ts';
import type { Route } from './routes.ts';

export function healthRoute(
  { bench, env, dryRun, settings }: Pick<Intake, 'bench' | 'env' | 'dryRun' | 'settings'>,
  sources: readonly Source[],
  version: string,
  logs: () => LogsState | undefined,
): Route {
  return {
    method: 'GET',
    path: '/healthz',
    async answer() {
      const { config } = await settings();
      const turns = await queueState(bench, config, env);
      const queue = countByStatus(bench.db.all('SELECT status, count(*) AS count FROM incidents GROUP BY status'));
      const readiness = sources.map((source) => [source.name, readinessOf(source, env)]);
      return {
        status: 200,
        body: {
          status: 'ok',
          version,
          dry_run: dryRun,
          paused: pausedBy(bench.repository.root, env) ?? null,
          queue,
          ...turns,
          channels: channelStates(config, env),
          notices: noticesState(bench),
          sources: Object.fromEntries(readiness),
          logs: logs() ?? null,
        },
      };
    },
  };
}

function readinessOf(source: Source, env: Intake['env']): { ready: boolean; missing?: string[] } {
  const missing = notReadyFor(source, env);
  return missing ? { ready: false, missing } : { ready: true };
}

function countByStatus(rows: { status: IncidentStatus; count: number }[]): Record<IncidentStatus, number> {
  const counted = new Map(rows.map(({ status, count }) => [status, count]));
  return Object.fromEntries(INCIDENT_STATUSES.map((status) => [status, counted.get(status) ?? 0])) as Record<
    IncidentStatus,
    number
  >;
}
