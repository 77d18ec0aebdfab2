/**
 * The unattended service of one repository: takes errors in over HTTP, lets them settle, decides which are worth a fix,
 * and heals those in the order of their turns. What needs a person waits for one.
 */
import { UserError } from '../events/errors.ts';
import { openApproval } from './approval/approval.ts';
import { announceServe, newSecret } from './approval/local-serve.ts';
import { startFollower } from './following/follower.ts';
import { type HeldLease, holdLease } from './incidents/lease.ts';
import { startErrands } from './intake/errands.ts';
import { githubRunner } from './intake/github/runner.ts';
import { healthRoute } from './intake/http/health-route.ts';
import { incidentRoutes } from './intake/http/incident-routes.ts';
import { intakeRoutes } from './intake/http/intake-routes.ts';
import { metricsRoute } from './intake/http/metrics-route.ts';
import { startHttp } from './intake/http/server.ts';
import type { Log } from './intake/log.ts';
import { type Logs, startLogs } from './intake/logs.ts';
import { DEFAULT_RATE, PERSON_RATE, type Rate, rateLimit } from './intake/rate-limit.ts';
import type { Intake } from './intake/receive.ts';
import { openSettings } from './intake/settings.ts';
import { startSettler } from './intake/settler.ts';
import { slackRunner } from './intake/slack/runner.ts';
import { startSocket } from './intake/slack/socket.ts';
import { openSlackWeb } from './intake/slack/web.ts';
import { notReadyFor } from './intake/source.ts';
import { SOURCES } from './intake/sources.ts';
import { startNotices } from './notify/clocks.ts';
import { startWorker, type WorkerOptions } from './queue/worker.ts';
import { deploymentRunner } from './watching/deployment-errand.ts';
import { sentryResolver } from './watching/sentry-errand.ts';
import { startWatching } from './watching/watching.ts';
import type { Workbench } from './workbench.ts';

/** The lease that stands for the service itself. */
const SERVICE = 'serve';

export interface ServeOptions {
  host: string;
  port: number;
  dryRun: boolean;
  version: string;
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
  rate?: Rate;
  /** Between two looks at open proposals; default 60 s. */
  followEveryMs?: number;
  /** For each `heal`; replaced in tests. */
  heal?: WorkerOptions['heal'];
}

export interface Serving {
  url: string;
  /** Sources by whether something could be taken in from them now. */
  ready: string[];
  notReady: { source: string; variables: string[] }[];
  /** Resolves when another one serves the repository: this machine slept too long. Then this one has to end. */
  replaced: Promise<void>;
  /** Takes and starts nothing new, answers what was begun, lets runs end or ends them, gives everything back. */
  close(): Promise<void>;
}

/** Throws UserError when another one serves this repository or the port is taken, ConfigurationError for broken settings. */
export async function serve(bench: Workbench, options: ServeOptions): Promise<Serving> {
  const { log, env, dryRun, version } = options;
  const settings = await openSettings(bench, log);
  const lease = await takeService(bench);
  try {
    const intake: Intake = {
      bench,
      env,
      settings,
      dryRun,
      rate: rateLimit(options.rate ?? DEFAULT_RATE),
      perPerson: rateLimit(PERSON_RATE),
    };
    let logs: Logs | undefined;
    const web = openSlackWeb(env);
    const approval = openApproval(intake, { web, log });
    const secret = newSecret();
    const routes = [
      ...intakeRoutes(intake, SOURCES),
      ...incidentRoutes({ intake, desk: approval.desk, secret }),
      healthRoute(intake, SOURCES, version, () => logs?.state()),
      metricsRoute(intake, version),
    ];
    const http = await startHttp({ host: options.host, port: options.port, routes, log });
    const runners = [
      githubRunner(intake),
      slackRunner(intake, web),
      deploymentRunner(intake),
      ...(dryRun ? [] : [sentryResolver(intake, log)]),
    ];
    const clocks = runners.map((runner) => startErrands(intake, runner, log));
    intake.onErrands = () => {
      for (const clock of clocks) clock.wake();
    };
    const asking = approval.start();
    const withdraw = await announceServe(bench.repository.home, { url: http.url, secret });
    const notices = dryRun ? undefined : startNotices({ bench, env, settings, log });
    // A dry run touches no proposal.
    const follower = dryRun ? undefined : startFollower({ bench, env, log, everyMs: options.followEveryMs });
    intake.onTold = (source) => {
      if (source === 'github') follower?.wake();
    };
    const watching = dryRun ? undefined : startWatching({ bench, env, settings, log });
    const settler = startSettler(intake, log, lease);
    const socket = startSocket(intake, log);
    logs = startLogs(intake, log);
    const worker = startWorker(bench, { env, settings, log, lost: lease.lost, dryRun, heal: options.heal });
    log('info', 'listening', { url: http.url, version, dry_run: dryRun });
    return {
      url: http.url,
      ready: SOURCES.filter((source) => !notReadyFor(source, env)).map(({ name }) => name),
      notReady: SOURCES.flatMap((source) => {
        const variables = notReadyFor(source, env);
        return variables ? [{ source: source.name, variables }] : [];
      }),
      replaced: settler.replaced,
      async close() {
        log('info', 'ending');
        // At once: whatever is started from here on would only be ended.
        const drained = worker.stop();
        await withdraw();
        await http.close();
        await socket?.stop();
        await watching?.stop();
        for (const clock of clocks) await clock.stop();
        await asking.stop();
        await follower?.stop();
        await logs?.stop();
        await settler.stop();
        await drained;
        // Last, so that what was handed over while it drained is told as well.
        await notices?.stop();
        await lease.release();
        log('info', 'ended');
      },
    };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

async function takeService({ incidents, repository }: Workbench): Promise<HeldLease> {
  const taken = await holdLease(incidents, repository.home, SERVICE);
  if (taken.held) return taken.lease;
  throw new UserError(
    `Another \`self-healing serve\` runs for ${repository.root}${taken.by ? ` (${taken.by})` : ''}.`,
    'End that one first; one serves one repository. One that was cut off is forgotten after 90 seconds.',
    'not_allowed',
  );
}
