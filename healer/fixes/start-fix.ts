/**
 * The tool `start_fix`: takes an incident up. Base, law and the main checkout's state are read once, here, and hold for
 * this process until the fix ends; calling it again answers the same.
 */
import { randomUUID } from 'node:crypto';
import { readLaw } from '../../context/law.ts';
import type { Config } from '../../context/schemas/config.ts';
import { UserError } from '../../events/errors.ts';
import { eventSchema } from '../../events/event.ts';
import { linkedFolders, prepareDependencies } from '../../gate/dependencies.ts';
import { configLine, liftedBy } from '../../gate/lift.ts';
import { digestMainCheckout } from '../../gate/main-checkout.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { insertRun, runsOf } from '../../store/runs.ts';
import type { IncidentStatus } from '../../store/states.ts';
import { possible, requireIncident } from '../incidents/decisions.ts';
import { type HeldLease, holdLease } from '../incidents/lease.ts';
import { muted } from '../incidents/muted.ts';
import { workingConfig } from '../incidents/working-config.ts';
import type { Workbench } from '../workbench.ts';
import { type Base, resolveBase } from '../worktrees/base.ts';
import { outsideTree } from '../worktrees/outside-tree.ts';
import { readRecord } from '../worktrees/record.ts';
import { sweepWorktrees } from '../worktrees/sweep.ts';
import { branchName, hideWorktrees, openWorktree } from '../worktrees/worktree.ts';
import { askedContext } from './asked-context.ts';
import { settingsNote } from './detected-settings.ts';
import { configBeforeFix } from './effective-config.ts';
import { fixContext } from './fix-context.ts';
import { restoreKeptTree } from './kept-tree.ts';
import { linkedContext } from './linked-context.ts';
import type { OpenFix } from './open-fix.ts';
import { dropRequest } from './proposal-request.ts';
import { refusedContext } from './refused-context.ts';

export interface StartRequest {
  incident: string;
  /** `--base REV`; else CONTRACT §3 decides. */
  base?: string | undefined;
  /** `heal`, `agent`, `person:<name>`; default by role. */
  who?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Who has the lease already; default: nobody yet. */
  holder?: string | undefined;
}

const FETCH_TIMEOUT_MS = 30_000;

/** Throws UserError (`not_found`, `not_allowed`) when the incident may not be started; ConfigurationError for a broken law. */
export async function startFix(bench: Workbench, request: StartRequest): Promise<OpenFix> {
  const record = await requireIncident(bench.incidents, request.incident);
  const open = bench.fixes.get(request.incident);
  if (open && open.round === record.round && record.status === 'healing' && !open.lease?.lost()) return open;
  await open?.lease?.release();
  bench.fixes.delete(request.incident);

  await refuseUnlessStartable(bench, record);
  const lease = bench.role === 'child' ? undefined : await takeLease(bench, record.incident, request.holder);
  try {
    if (bench.role !== 'child') await sweepWorktrees(bench, record.incident);
    const fix = await openFix(bench, record, await baseOf(bench, record, request), lease, request.signal);
    if (bench.role !== 'child')
      await moveToHealing(bench, record, request.who ?? (bench.role === 'session' ? 'agent' : 'heal'));
    else dropRequest(bench, fix.incident, fix.round);
    bench.fixes.set(fix.incident, fix);
    return fix;
  } catch (error) {
    await lease?.release();
    throw error;
  }
}

/**
 * Opens the kept tree of an incident that waits for publishing, on the base it was made on, so that it can be verified
 * again here. Throws UserError when nothing is kept.
 */
export async function reopenFix(bench: Workbench, incident: string, signal?: AbortSignal): Promise<OpenFix> {
  const record = await requireIncident(bench.incidents, incident);
  const open = bench.fixes.get(incident);
  if (open && open.round === record.round && !open.lease?.lost()) {
    open.lease ??= await takeLease(bench, incident);
    return open;
  }
  const kept = await readRecord(bench.repository, incident);
  if ((record.status !== 'awaiting_publish' && record.status !== 'verified') || kept?.round !== record.round)
    throw new UserError(
      `${incident} is ${record.status}; no verified tree of round ${record.round} is kept for it.`,
      nextFor(record.status, incident),
      'not_allowed',
    );
  const lease = await takeLease(bench, incident);
  try {
    const base = { commit: kept.base, branch: kept.base_branch, warnings: [] };
    const fix = await openFix(bench, record, base, lease, signal);
    await restoreKeptTree(bench, fix, signal);
    bench.fixes.set(incident, fix);
    return fix;
  } catch (error) {
    await lease.release();
    throw error;
  }
}

async function openFix(
  bench: Workbench,
  record: IncidentRecord,
  base: Base,
  lease: HeldLease | undefined,
  signal: AbortSignal | undefined,
): Promise<OpenFix> {
  const { repository } = bench;
  const { incident, fingerprint, round } = record;
  const law = await readLaw(repository, { commit: base.commit });
  const { worktree: settings } = law.config;
  await hideWorktrees(repository, settings.root);
  const opened = await openWorktree(repository, {
    incident,
    fingerprint,
    round,
    base: base.commit,
    baseBranch: base.branch,
    root: settings.root,
    linked: outsideTree(settings),
    now: bench.now(),
    signal,
  });
  await prepareDependencies({
    from: repository.root,
    to: opened.path,
    config: settings,
    alreadySetUp: opened.reopened,
    signal,
  });
  const links = await linkedFolders(repository.root, settings.link);
  const chosen = { law, base: { commit: base.commit, branch: base.branch } };
  const event = eventSchema.parse(record.event);
  return {
    incident,
    fingerprint,
    round,
    event,
    ...chosen,
    branch: branchName(fingerprint, round),
    worktree: opened.path,
    links,
    mainDigest: await digestMainCheckout(repository, { links, signal }),
    context:
      (await fixContext(repository, law, base.commit, event)) +
      linkedContext(bench.db, incident) +
      refusedContext(bench.db, incident) +
      (bench.role === 'session' ? askedContext(bench.db, incident, round) : ''),
    warnings: [...base.warnings, ...opened.warnings, ...(bench.role === 'session' ? settingsNote(bench, chosen) : [])],
    run: openRun(bench, record),
    baseRuns: [],
    lease,
  };
}

/** The base of a child is its parent's; everybody else finds it. */
async function baseOf(bench: Workbench, record: IncidentRecord, request: StartRequest): Promise<Base> {
  if (bench.role === 'child') {
    const kept = await readRecord(bench.repository, record.incident);
    if (kept && kept.round === record.round) return { commit: kept.base, branch: kept.base_branch, warnings: [] };
    throw new UserError(
      `The parent of this run has no worktree open for ${record.incident}.`,
      'Start the run with `self-healing heal`.',
      'stale',
    );
  }
  const config = await workingConfig(bench.repository);
  return resolveBase(bench.repository, {
    given: request.base,
    ranOn: ranOn(record),
    configured: config.publish.base,
    network: { timeoutMs: FETCH_TIMEOUT_MS, signal: request.signal },
  });
}

/** A failed run of CI names the commit and the branch that it was for. */
function ranOn({ event }: IncidentRecord): { commit: string; branch: string } | undefined {
  const { source, labels } = eventSchema.pick({ source: true, labels: true }).parse(event);
  const { commit, branch } = labels ?? {};
  return source === 'github' && commit && branch ? { commit, branch } : undefined;
}

async function refuseUnlessStartable(bench: Workbench, record: IncidentRecord): Promise<void> {
  const refuse = (why: string, next: string): never => {
    throw new UserError(`${record.incident} cannot be started: ${why}.`, next, 'not_allowed');
  };
  if (bench.bound && bench.bound.incident !== record.incident)
    refuse(`this run is bound to ${bench.bound.incident}`, `Work on ${bench.bound.incident} only.`);
  const config = await workingConfig(bench.repository);
  const mutedBy = muted(bench.db, config, record.fingerprint, bench.now());
  if (mutedBy !== undefined)
    refuse(
      `it is muted (${mutedBy})`,
      `Leave it. ${liftedBy(
        config.triage.mute.some(({ fingerprint }) => fingerprint === record.fingerprint)
          ? configLine('triage', 'mute', unmuted(config, record.fingerprint))
          : `self-healing mute ${record.fingerprint} --until 2000-01-01`,
      )}.`,
    );
  if (bench.role === 'child') {
    if (record.status !== 'healing') refuse(`it is ${record.status}`, nextFor(record.status, record.incident));
    return;
  }
  const { start } = configBeforeFix(config, record).approval;
  if (record.status === 'detected')
    await bench.incidents.transition({
      incident: record.incident,
      to: start === 'auto' ? 'queued' : 'awaiting_start',
      from: ['detected'],
      who: 'heal',
      why: `approval.start is ${start}`,
    });
  const { status } = await requireIncident(bench.incidents, record.incident);
  if (status !== 'queued' && status !== 'healing') refuse(`it is ${status}`, nextFor(status, record.incident));
}

function unmuted({ triage }: Config, fingerprint: string): Config['triage']['mute'] {
  return triage.mute.filter((mute) => mute.fingerprint !== fingerprint);
}

function nextFor(status: IncidentStatus, incident: string): string {
  if (status === 'awaiting_start') return `A person has to approve it: \`self-healing approve ${incident}\`.`;
  const decisions = possible(status);
  return decisions.length > 0 ? `A person can: ${decisions.join(', ')}.` : 'Nothing is to be done for it.';
}

async function takeLease(bench: Workbench, incident: string, holder?: string): Promise<HeldLease> {
  const result = await holdLease(bench.incidents, bench.repository.home, incident, holder);
  if (result.held) return result.lease;
  throw new UserError(
    `${incident} is being worked on by another process${result.by ? ` (${result.by})` : ''}.`,
    'Wait until it is done, or end that process; its lease runs out by itself.',
    'not_allowed',
  );
}

/** Under the lease: whoever left it `healing` is gone. */
async function moveToHealing(bench: Workbench, record: IncidentRecord, who: string): Promise<void> {
  const { incident } = record;
  await bench.incidents.transition({
    incident,
    to: 'queued',
    from: ['healing'],
    who,
    why: 'taken up again after a crash',
  });
  const moved = await bench.incidents.transition({
    incident,
    to: 'healing',
    from: ['queued'],
    who,
    why: 'fix started',
  });
  if (moved.ok) return;
  const status = moved.reason === 'unknown_incident' ? 'unknown' : moved.status;
  throw new UserError(`${incident} became ${status} meanwhile.`, 'Look at it again before starting.', 'not_allowed');
}

/** In a session the fix is a run of its own; headless, the parent made the row. */
function openRun(bench: Workbench, { incident, round }: IncidentRecord): string | undefined {
  if (bench.role === 'child') return bench.bound?.run;
  if (bench.role === 'parent') return undefined;
  const runs = runsOf(bench.db, incident, round);
  const session = process.env.CLAUDE_CODE_SESSION_ID ?? null;
  // A server that was started again goes on with the run of its session: what was counted stays counted.
  const own = runs.findLast(({ session_id, ended_at }) => session_id === session && ended_at === null);
  if (own !== undefined && session !== null) return own.id;
  const id = randomUUID();
  insertRun(bench.db, {
    id,
    incident,
    round,
    attempt: runs.length + 1,
    phase: 'session',
    started_at: bench.now().toISOString(),
    session_id: session,
    pid: process.pid,
  });
  return id;
}
