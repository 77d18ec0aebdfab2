/** The ends that a `heal` can come to, each with what has to be left behind for the next one. */

import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError } from '../../events/errors.ts';
import { redact } from '../../events/redact.ts';
import type { Verdict } from '../../gate/verification.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import { subtasksOf } from '../../store/plans.ts';
import { DRY_RUN } from '../../store/rounds.ts';
import { runsOf } from '../../store/runs.ts';
import { verificationsOf } from '../../store/verifications.ts';
import { escalate } from '../fixes/escalate.ts';
import { requestOf, saveRequest } from '../fixes/proposal-request.ts';
import { type ProposeResult, propose, whyAPersonDecides } from '../fixes/propose.ts';
import { closeFix } from '../fixes/require-fix.ts';
import { subtaskSchema } from '../fixes/subtask.ts';
import { currentPass } from '../fixes/verified-tree.ts';
import { spreadPause } from '../growing-pause.ts';
import { requireIncident } from '../incidents/decisions.ts';
import { previewProposal, type WouldPublish } from '../publishing/preview.ts';
import { publish } from '../publishing/publish.ts';
import {
  isTransient,
  keptBack,
  leaveToPerson,
  type NotPublished,
  type PublishState,
} from '../publishing/publish-states.ts';
import { publishedLines } from '../publishing/published.ts';
import type { FailureMode } from '../recovery/failure-mode.ts';
import { type Healing, step } from './healing.ts';
import type { AgentRun } from './run-agent.ts';

/** What `heal` adds to what the rows say. */
export interface End {
  why: string;
  mode?: FailureMode | undefined;
  /** What the API asked to wait, when it did not answer. */
  retryAfterMs?: number | null;
  verdict?: Verdict | undefined;
  branch?: string | undefined;
  url?: string | undefined;
  /** The fix is proven and kept, and something stood in the way of publishing it. */
  unpublished?: { state: PublishState; next: string } | undefined;
  /** Of a dry run that came as far. */
  wouldPublish?: WouldPublish | undefined;
  /** A workflow of CI asked, and it was tried or proposed before: nothing was started. */
  heldBack?: boolean;
}

/** The incident goes to a person, with everything that is known. */
export async function handOver(
  { bench, fix }: Healing,
  { why, needs, mode, verdict }: { why: string; needs: string; mode?: FailureMode; verdict?: Verdict | undefined },
): Promise<End> {
  await escalate(bench, { incident: fix.incident, reason: why, needs, failureMode: mode, who: 'heal' });
  return { why, mode, verdict };
}

/** The agent, or somebody outside, moved the incident on: there is nothing more to do here. */
export async function leave({ bench, fix }: Healing, why: string): Promise<End> {
  await closeFix(bench, fix.incident);
  return { why, verdict: verificationsOf(bench.db, fix.incident, fix.round).at(-1)?.verdict };
}

/** From a state that was written behind our back to a person, by the legal way that there is. */
export async function takeBack(healing: Healing, why: string): Promise<End> {
  const { bench, fix } = healing;
  await bench.incidents.transition({
    incident: fix.incident,
    to: 'queued',
    from: ['proposed', 'dismissed', 'rejected', 'skipped', 'awaiting_start'],
    who: 'heal',
    why,
  });
  const status = (await bench.incidents.get(fix.incident))?.status;
  if (status === 'escalated') return { ...(await leave(healing, why)), mode: 'refused' };
  return handOver(healing, { why, needs: 'Look at what the agent did.', mode: 'refused' });
}

/** Ended from outside: what was done is kept, and the incident can be taken up again in the same round. */
export async function interrupted(healing: Healing): Promise<End> {
  const reason = healing.stop.reason() ?? { by: 'interrupt' as const };
  switch (reason.by) {
    case 'interrupt':
      return requeue(healing, 'interrupted');
    case 'pause':
      return requeue(healing, `paused: ${reason.why}`);
    case 'cancelled':
      await closeFix(healing.bench, healing.fix.incident);
      return { why: 'The incident was cancelled.', mode: 'cancelled' };
    case 'lost_lease':
      await closeFix(healing.bench, healing.fix.incident);
      return { why: 'Another process works on the incident now.', mode: 'cancelled' };
    default:
      return reason satisfies never;
  }
}

/** Throws: no run can do better before a person has changed something. The incident waits in the queue meanwhile. */
export async function giveBack(healing: Healing, why: string, next: string): Promise<never> {
  await requeue(healing, why);
  throw new ConfigurationError(why, next);
}

/** No answer from the API, however often it was asked: whoever runs the queue waits for all that is in it. */
export async function comeBack(healing: Healing, why: string, run: Pick<AgentRun, 'retryAfterMs'>): Promise<End> {
  return { ...(await requeue(healing, why)), why, mode: 'transient', retryAfterMs: run.retryAfterMs };
}

/**
 * Back to the queue, in the same round, or to a person where it is proven already; nothing when the incident is not in work
 * any more.
 */
export async function requeue({ bench, fix }: Healing, why: string): Promise<End> {
  const { incident } = fix;
  const step = { incident, who: 'heal', why: redact(why.replace(/\s+/g, ' ').slice(0, 300), { ips: true }) };
  await bench.incidents.transition({ ...step, to: 'queued', from: ['healing'] });
  const kept = await bench.incidents.transition({ ...step, to: 'awaiting_publish', from: ['verified'] });
  await closeFix(bench, incident);
  if (kept.ok) return { why: `Proven and kept; publishing was cut off (${why}).` };
  return { why: `The run was ended (${why}); \`self-healing heal ${incident}\` takes it up again.`, mode: 'cancelled' };
}

/** How often publishing is tried while the remote or GitHub does not answer, and the wait before the second time. */
const PUBLISH_TRIES = 3;
const PUBLISH_BACKOFF_MS = 5_000;
/** A limit that lasts longer is not waited for. */
const LONGEST_WAIT_MS = 120_000;

/** A proven fix: published where it may be, else kept until a person has looked. */
export async function publishProven(healing: Healing, verdict: Verdict | undefined): Promise<End> {
  const { bench, fix, options, stop, tell } = healing;
  const { incident, round } = fix;
  const { title, summary } = requestOf(bench, incident, round) ?? wordsFromRows(healing);
  if (options.dryRun) {
    const wouldPublish = await keep(healing, { title, summary }, DRY_RUN);
    step(healing, 'Dry run: nothing is published');
    return { why: 'Proven and kept; this was a dry run, so nothing was published.', verdict, wouldPublish };
  }
  const { approvedBy, env } = options;
  const shared = { signal: healing.stop.signal, env, onProgress: (text: string) => tell({ kind: 'gate', text }) };
  let result: ProposeResult;
  try {
    result = await propose(bench, { incident, title, summary, approvedBy, ...shared });
    for (let tries = 1; result.status !== 'proposed' && 'next' in result && tries < PUBLISH_TRIES; tries++) {
      if (!isTransient(result) || !(await waitToPublish(healing, result, tries))) break;
      result = await publish(bench, incident, { who: approvedBy ?? 'policy', by: 'parent', ...shared });
    }
  } catch (error) {
    // The kill switch cut a talk with the remote off.
    const reason = stop.reason();
    if (reason?.by !== 'pause' || (await bench.incidents.get(incident))?.status !== 'verified') throw error;
    result = keptBack(incident, reason.why);
    await leaveToPerson(bench, incident, result);
  }
  if (result.status === 'requested') throw new Error('A parent was answered as if it were the child of another one');
  if (result.status === 'proposed')
    return { why: `Proposed ${publishedLines(result).join(' ')}`, verdict, branch: result.branch, url: result.url };
  await closeFix(bench, incident);
  if (result.status === 'awaiting_approval')
    return { why: `Proven and kept; publishing waits for a person: ${result.why}.`, verdict };
  const { status: state, why, next, url } = result;
  const judged = result.verification?.verdict ?? verdict;
  return {
    why: `Proven, but not published (${state}): ${why}.`,
    verdict: judged,
    branch: result.branch,
    url,
    unpublished: { state, next },
  };
}

/** False when waiting is of no use: too long, or somebody ended the run meanwhile. */
async function waitToPublish({ options, stop, tell }: Healing, failed: NotPublished, tries: number): Promise<boolean> {
  const until = failed.until === undefined ? 0 : new Date(failed.until).getTime() - Date.now();
  if (until > LONGEST_WAIT_MS) return false;
  const ms = spreadPause(tries, { firstMs: PUBLISH_BACKOFF_MS, askedMs: until });
  tell({
    kind: 'wait',
    text: `Not published (${failed.status}): ${failed.why}; trying again in ${Math.ceil(ms / 1000)} s`,
    ms,
  });
  const wait =
    options.wait ?? ((time: number, signal: AbortSignal) => sleep(time, undefined, { signal }).then(() => {}));
  await wait(ms, stop.signal).catch(() => {});
  return !stop.signal.aborted;
}

/** Ends where a person's approval would be asked for. Answers with what was not done, for a dry run. */
async function keep(
  healing: Healing,
  words: { title: string; summary: string },
  why: string,
): Promise<WouldPublish | undefined> {
  const { bench, fix, options } = healing;
  const { incident } = fix;
  const pass = await currentPass(bench, fix);
  saveRequest(bench, incident, fix.round, words.title, words.summary);
  const approved = options.approvedBy !== undefined;
  const ask = await whyAPersonDecides(bench, fix, pass, { approved });
  const proven = `pass for tree ${pass.row.tree.slice(0, 12)}, verification ${pass.row.id}`;
  await bench.incidents.transition({ incident, to: 'verified', from: ['healing'], who: 'heal', why: proven });
  await bench.incidents.transition({ incident, to: 'awaiting_publish', from: ['verified'], who: 'heal', why });
  const { error } = await requireIncident(bench.incidents, incident);
  const would = options.dryRun ? await previewProposal(bench, fix, { pass, error, ask }) : undefined;
  await closeFix(bench, incident);
  return would;
}

/** When the agent did not ask: what was recorded says it as well. */
function wordsFromRows({ bench, fix }: Healing): { title: string; summary: string } {
  const diagnosis = diagnosisOf(bench.db, fix.incident, fix.round);
  const line = `${fix.event.type}: ${fix.event.message}`.replace(/\s+/g, ' ').trim();
  const runs = runsOf(bench.db, fix.incident, fix.round).filter(({ phase }) => phase === 'fix').length;
  const parts = subtasksOf(bench.db, fix.incident, fix.round)
    .filter(({ state }) => state === 'done')
    .map(({ subtask }) => subtaskSchema.parse(subtask))
    .map(({ title: part, goal }) => `- ${part}: ${goal}`);
  return {
    title: `Fix ${line}`.slice(0, 100),
    summary: [
      diagnosis ? `Root cause: ${diagnosis.root_cause}` : '',
      parts.length > 0
        ? ['Done in parts:', ...parts].join('\n')
        : `The agent did not describe its change; it was proven after ${runs} ${runs === 1 ? 'run' : 'runs'}.`,
    ]
      .filter((text) => text !== '')
      .join('\n\n'),
  };
}
