/** `GET /metrics`: numbers for Prometheus. No error text is in them, so it asks for no token, like `/healthz`. */
import { countWaitingNotices } from '../../../store/notices.ts';
import { pausedBy } from '../../heal/pause.ts';
import { EXPOSITION_TYPE, openExposition } from '../../metrics/exposition.ts';
import { runningNow } from '../../queue/running.ts';
import { standingStill } from '../../queue/standing-still.ts';
import type { Intake } from '../receive.ts';
import type { Route } from './routes.ts';

export function metricsRoute(
  { bench, env, dryRun, settings }: Pick<Intake, 'bench' | 'env' | 'dryRun' | 'settings'>,
  version: string,
): Route {
  const exposition = openExposition(bench);
  return {
    method: 'GET',
    path: '/metrics',
    async answer() {
      const { config } = await settings();
      const body = exposition.text({
        version,
        dryRun,
        paused: pausedBy(bench.repository.root, env) !== undefined,
        standingStill: (await standingStill(bench, config, env)) !== undefined,
        running: (await runningNow(bench)).length,
        notices: countWaitingNotices(bench.db),
      });
      return { status: 200, body, headers: { 'content-type': EXPOSITION_TYPE } };
    },
  };
}
