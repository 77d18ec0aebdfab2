/** The beginning of a `heal`: from an error or an id to an open fix, and what a dead predecessor left behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError, UserError } from '../../events/errors.ts';
import { endProcesses } from '../../gate/marked-processes.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { finishRun, type Run, runsOf, unseenEnd } from '../../store/runs.ts';
import { stoppedByRejections } from '../brakes/rejections.ts';
import { approveStart, requireIncident } from '../incidents/decisions.ts';
import { reportError } from '../incidents/report-error.ts';
import { readableConfig, workingConfig } from '../incidents/working-config.ts';
import type { PreviousAttempt } from '../recovery/corrective-prompt.ts';
import { runMark } from '../runs/run-mark.ts';
import { hasState, type Workbench } from '../workbench.ts';
import { lastActions, noteAttempt, triedBefore } from './attempts.ts';
import { pausedBy } from './pause.ts';
import type { OnProgress } from './progress.ts';
import type { HealRequest } from './request.ts';

/** Throws UserError `not_allowed` while the kill switch is on, after too many rejections, and inside of a run. */
export async function refuseUnlessAllowed(bench: Workbench, env: Record<string, string | undefined>): Promise<void> {
  if (bench.role === 'child')
    throw new UserError(
      'A headless run may not start another one.',
      'Work on the incident you were given.',
      'not_allowed',
    );
  const paused = pausedBy(bench.repository.root, env);
  if (paused !== undefined)
    throw new UserError(
      `self-healing is paused: ${paused}.`,
      'Remove it, or run `self-healing resume`.',
      'not_allowed',
    );
  const stopped = hasState(bench) && (await stoppedByRejections(bench, await readableConfig(bench.repository)));
  if (stopped) throw new UserError(`Nothing is started: ${stopped.why}.`, stopped.next, 'not_allowed');
}

/** The incident to heal, recorded if it was given as an error, and let through the start gate if that was approved. */
export async function incidentOf(bench: Workbench, request: HealRequest, tell: OnProgress): Promise<IncidentRecord> {
  let incident: string;
  if ('incident' in request) incident = request.incident;
  else {
    const broken = await brokenSettings(bench);
    const { env = process.env, signal } = request;
    const reported = await reportError(bench, { ...request.error, env, signal }, { unread: broken !== undefined });
    incident = reported.incident;
    if (broken) throw takenUpLater(broken, incident);
    for (const other of reported.others)
      tell({
        kind: 'step',
        text: `Also recorded: ${other.incident}, ${other.event.type}: ${other.event.message.slice(0, 120)}`,
      });
  }
  const record = await requireIncident(bench.incidents, incident);
  tell({ kind: 'step', text: `${incident} (${record.severity}, seen ${record.count}×): ${record.error}` });
  const who = request.approvedBy;
  if (record.status !== 'awaiting_start' || who === undefined) return record;
  return approveStart(bench.incidents, { incident, who });
}

/** Settings that cannot be read stop a fix, and lose no error. */
function brokenSettings({ repository }: Workbench): Promise<ConfigurationError | undefined> {
  return workingConfig(repository).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof ConfigurationError) return error;
      throw error;
    },
  );
}

/** What a person has to change first is told with how the incident, which is recorded, goes on then. */
export function takenUpLater(error: unknown, incident: string): unknown {
  if (!(error instanceof ConfigurationError) || error.next.includes(incident)) return error;
  const then = `${incident} is recorded; \`self-healing heal ${incident}\` takes it up then.`;
  return new ConfigurationError(error.message, `${error.next} ${then}`.trim());
}

/** Whether there is something to start; every other state is an answer by itself. */
export function isStartable({ status }: IncidentRecord): boolean {
  return status === 'detected' || status === 'queued' || status === 'healing';
}

/**
 * Under the lease: runs of this round without an end were left by a process that is gone. What still runs of them is
 * ended, and the last one's actions are what the next run is told. Undefined when there were none.
 */
export async function endLeftovers(
  bench: Workbench,
  incident: string,
  round: number,
): Promise<PreviousAttempt | undefined> {
  const left = runsOf(bench.db, incident, round).filter(
    ({ ended_at, phase }) => ended_at === null && phase !== 'session',
  );
  for (const run of left) {
    await endProcesses(runMark(run.id));
    finishRun(bench.db, run.id, unseenEnd(bench.now(), 'crash'));
  }
  const last = left.findLast(({ phase }) => phase === 'fix');
  if (left.length > 0) await sleep(0);
  if (last === undefined) return undefined;
  const crash = crashOf(bench, last);
  if (last.part === null) noteAttempt({ bench, fix: last }, last.attempt, crash);
  return crash;
}

function crashOf(bench: Workbench, run: Run): PreviousAttempt {
  const why = 'The process that led this fix ended before it was done; its worktree is kept as it was left.';
  return {
    mode: 'crash',
    why,
    unmet: ['gate: nothing was verified'],
    actions: lastActions({ bench }, run.id),
    output: why,
    triedBefore: triedBefore({ bench, fix: run }, run.attempt),
  };
}
