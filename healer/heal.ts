/**
 * The conductor: takes one incident from its error to a published proof or to a person. It starts the agents and holds
 * what they cannot: lease, law, evidence and money. Whatever happens, the incident ends in a state that a person can see,
 * and a crash at any point leaves one that the next `heal` takes up.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeError } from '../events/errors.ts';
import { diagnosisOf } from '../store/diagnoses.ts';
import type { IncidentRecord } from '../store/incidents.ts';
import { proposalOf } from '../store/proposals.ts';
import { runsOf } from '../store/runs.ts';
import { proposalsUsedUp } from './brakes/proposals-a-day.ts';
import { detectedSettings } from './fixes/detected-settings.ts';
import { closeFix } from './fixes/require-fix.ts';
import { startFix } from './fixes/start-fix.ts';
import { type End, interrupted, requeue } from './heal/conclude.ts';
import { diagnose } from './heal/diagnose.ts';
import { fixAndProve } from './heal/fix.ts';
import { configOf, type Healing, step } from './heal/healing.ts';
import { heldBackInCi } from './heal/in-ci.ts';
import { showLive } from './heal/live-view.ts';
import { tryTestsFirst } from './heal/preflight.ts';
import type { HealRequest } from './heal/request.ts';
import type { HealResult } from './heal/result.ts';
import { beginRework } from './heal/rework.ts';
import { witnessDiagnosis } from './heal/shown-diagnosis.ts';
import { basisOf, spentOn } from './heal/spending.ts';
import { watchForStop } from './heal/stop-watch.ts';
import { endLeftovers, incidentOf, isStartable, refuseUnlessAllowed, takenUpLater } from './heal/take-up.ts';
import { requireIncident } from './incidents/decisions.ts';
import { lookAtKept } from './incidents/kept-change.ts';
import { reportPath } from './publishing/report/file.ts';
import { pluginFolder } from './runs/plugin-folder.ts';
import type { Workbench } from './workbench.ts';

export type { HealProgress } from './heal/progress.ts';
export type { HealRequest } from './heal/request.ts';
export { exitCodeOf, type HealResult } from './heal/result.ts';

/**
 * Throws UserError (nothing to heal, paused, worked on by another process) and ConfigurationError (broken settings, no
 * client, no login): then no person has to look at the incident, and it stays where it was or waits in the queue.
 */
export async function heal(bench: Workbench, request: HealRequest): Promise<HealResult> {
  const started = performance.now();
  const env = request.env ?? process.env;
  const tell = request.onProgress ?? (() => {});
  await refuseUnlessAllowed(bench, env);
  const pluginDir = request.pluginDir ?? pluginFolder();
  const record = await incidentOf(bench, request, tell);
  const { incident } = record;
  const startable = isStartable(record);
  const held = startable ? await heldBackInCi(bench, record, { env, signal: request.signal }) : undefined;
  if (held !== undefined)
    return resultOf(bench, incident, { why: `Nothing is started: ${held}.`, heldBack: true }, started);
  const end = startable
    ? await takeUp(bench, incident, { ...request, pluginDir }, env).catch((error: unknown) => {
        throw takenUpLater(error, incident);
      })
    : { why: notStarted(record) };
  return resultOf(bench, incident, end, started);
}

async function takeUp(
  bench: Workbench,
  incident: string,
  request: HealRequest & { pluginDir: string },
  env: Record<string, string | undefined>,
): Promise<End> {
  const { signal, pluginDir } = request;
  const fix = await startFix(bench, {
    incident,
    base: request.base,
    who: 'heal',
    signal,
    holder: request.queue?.holder,
  });
  const stop = watchForStop(bench, incident, { signal, env });
  const live = showLive(bench, incident, request.onProgress ?? (() => {}));
  const { tell } = live;
  try {
    const earlier = await endLeftovers(bench, incident, fix.round);
    const witness = witnessDiagnosis(incident, diagnosisOf(bench.db, incident, fix.round));
    const healing: Healing = { bench, fix, options: request, pluginDir, witness, stop, tell, spentUsd: 0 };
    step(healing, `Working in ${fix.worktree}, on base ${fix.base.commit.slice(0, 12)}`);
    for (const warning of fix.warnings) step(healing, `Note: ${warning}`);
    tellSettings(healing);
    const used = proposalsUsedUp(bench, configOf(healing));
    if (used && !request.dryRun) step(healing, `Note: ${used.why}; what is proven waits for a person`);
    try {
      const before = (await tryTestsFirst(healing)) ?? (await diagnose(healing));
      if (before !== undefined) return before;
      const rework = await beginRework(healing);
      if (rework && 'end' in rework) return rework.end;
      return await fixAndProve(healing, earlier, rework);
    } catch (error) {
      if (stop.reason() !== undefined) return await interrupted(healing);
      // Visible as waiting, not as being worked on; who called is told what went wrong.
      const why = describeError(error).message;
      await requeue(healing, why).catch(() => {}); // the database may be what failed: then the lease's end tells the next
      throw error;
    }
  } finally {
    stop.end();
    live.end();
    await closeFix(bench, incident);
  }
}

/** Where nothing is set up, a person reads what is worked on, and how to write it down. */
function tellSettings({ bench, fix, tell, options }: Healing): void {
  const settings = detectedSettings(bench, fix, { approved: options.approvedBy !== undefined });
  if (settings.length === 0) return;
  tell({ kind: 'step', text: 'Nothing is set up here (no .self-healing/), so what was found holds:' });
  tell({ kind: 'note', lines: [...settings, '`self-healing init` writes it down, for you to read and correct.'] });
}

async function resultOf(bench: Workbench, incident: string, end: End, started: number): Promise<HealResult> {
  const seconds = (performance.now() - started) / 1000;
  const record = await requireIncident(bench.incidents, incident);
  const { status, round } = record;
  const look = await lookAtKept(bench, record);
  const proposal = proposalOf(bench.db, incident, round);
  const branch = end.branch ?? proposal?.branch;
  const url = end.url ?? proposal?.url ?? undefined;
  const report = reportPath(incident);
  const reported = status !== 'queued' && existsSync(join(bench.repository.root, report));
  const runs = runsOf(bench.db, incident, round);
  const fixes = runs.filter(({ phase }) => phase === 'fix');
  return {
    incident,
    round,
    status,
    ...(end.mode === undefined ? {} : { failure_mode: end.mode }),
    ...(end.retryAfterMs ? { retry_after_ms: end.retryAfterMs } : {}),
    ...(end.verdict === undefined ? {} : { verdict: end.verdict }),
    attempts: Math.max(0, ...fixes.map(({ attempt }) => attempt)),
    ...(branch === undefined ? {} : { branch }),
    ...(url === undefined ? {} : { url }),
    ...(end.wouldPublish === undefined ? {} : { would_publish: end.wouldPublish }),
    ...(look === undefined ? {} : { look }),
    report: reported ? report : null,
    cost_usd: Math.round(spentOn(bench, incident, round) * 1e6) / 1e6,
    cost_basis: basisOf(runs),
    seconds: Math.round(seconds * 10) / 10,
    ...(end.unpublished === undefined ? {} : { unpublished: end.unpublished }),
    ...(end.heldBack ? { held_back: true } : {}),
    why: status === 'awaiting_publish' && !end.unpublished ? withCommand(end.why, incident) : end.why,
  };
}

/** Whoever reads the document alone is told what to type as well. */
function withCommand(why: string, incident: string): string {
  const command = `self-healing approve ${incident}`;
  return why.includes(command) ? why : `${why} \`${command}\` publishes it.`;
}

/** What a person does with an incident that is not to be started. */
function notStarted({ incident, status }: IncidentRecord): string {
  switch (status) {
    case 'awaiting_start':
      return `It waits for a person: \`self-healing approve ${incident}\`, or --yes.`;
    case 'awaiting_publish':
    case 'verified':
      return `It is proven and waits for a person: \`self-healing approve ${incident}\`.`;
    case 'escalated':
    case 'skipped':
    case 'dismissed':
    case 'rejected':
      return `It is ${status}; \`self-healing retry ${incident}\` takes it up again.`;
    default:
      return `It is ${status}; there is nothing to start.`;
  }
}
