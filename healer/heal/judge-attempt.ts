/**
 * What an attempt is worth, judged by the parent once every process of the agent is gone: by its own gate and the
 * declared criteria. How the agent ended only names the failure when the proof is missing.
 */
import { treeOf } from '../../gate/tree.ts';
import { blockingChecks, type Finding, type Verdict, type Verification } from '../../gate/verification.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import { writeLesson } from '../fixes/lesson.ts';
import { currentTree } from '../fixes/verified-tree.ts';
import { type VerifiedFix, type VerifyOptions, verifyFix } from '../fixes/verify-fix.ts';
import type { Criterion } from '../recovery/criteria.ts';
import { keepGivenCriteria } from '../recovery/declared-criteria.ts';
import type { FailureMode } from '../recovery/failure-mode.ts';
import { type Healing, step } from './healing.ts';
import type { AgentRun } from './run-agent.ts';
import { verdictEvents } from './tool-log.ts';

export interface JudgedAttempt {
  /** Null: proven, and every criterion holds. */
  mode: FailureMode | null;
  why: string;
  verdict: Verdict | undefined;
  /** Criteria that do not hold, each with what was found. */
  unmet: string[];
  /** What the next run needs to read: the verdict in words, or the error. */
  output: string;
  /** Of the checks that block. */
  findings: Finding[];
  /** What was judged: the tree, and the scope it was held to. */
  subject: string | undefined;
}

/**
 * `criteria`: as they were declared before the run. `before`: the attempt before this one, judged by this process. Throws
 * what the gate throws, an abort among it.
 */
export async function judgeAttempt(
  healing: Healing,
  run: AgentRun,
  criteria: readonly Criterion[],
  before: JudgedAttempt | undefined,
): Promise<JudgedAttempt> {
  const unjudged = (mode: FailureMode, why: string): JudgedAttempt => ({
    mode,
    why,
    verdict: undefined,
    unmet: ['gate: nothing was verified'],
    output: why,
    findings: [],
    subject: undefined,
  });
  const objection = objectionTo(healing, run);
  if (objection !== undefined) return unjudged('refused', objection);
  if (run.mode === 'cancelled' || run.mode === 'transient') return unjudged(run.mode, run.why);
  // What an unguarded agent left is not offered to anyone; the next run goes on from it under guard.
  if (!run.guarded) return unjudged(run.mode ?? 'crash', run.why);
  const { current, base } = await treesOf(healing);
  if (current === base)
    return unjudged(run.mode ?? 'partial', run.mode ? run.why : 'The agent ended without changing anything.');
  if (before?.subject === subjectOf(healing, current) && before.verdict === 'fail')
    return {
      ...before,
      mode: run.mode ?? 'partial',
      why: run.mode ? run.why : 'The agent ended without changing anything since the last verdict.',
    };

  await addLesson(healing);
  const subject = subjectOf(healing, (await treesOf(healing)).current);
  step(healing, 'Verifying the fix, now that the agent is gone');
  const { bench, fix, options } = healing;
  // The agent could have written what was kept of them.
  if (options.criteria !== undefined) keepGivenCriteria(bench, fix, options.criteria);
  const { verification, text } = await verifyAsParent(healing, run, { criteria });
  const later = objectionToDiagnosis(healing);
  if (later !== undefined) return unjudged('refused', later);
  const { verdict } = verification;
  const judged = { verdict, ...unmetIn(verification, text), findings: findingsIn(verification), subject };
  if (verdict === 'refuse') return { ...judged, mode: 'refused', why: 'The gate refused the change.', unmet: [] };
  if (verdict === 'fail')
    return {
      ...judged,
      mode: run.mode ?? 'verification',
      why: run.mode ? `${run.why} What it left does not pass the gate.` : 'The fix does not pass the gate.',
    };
  return judged.unmet.length === 0
    ? { ...judged, mode: null, why: 'The gate passes and every criterion holds.' }
    : { ...judged, mode: 'partial', why: 'The gate passes, but not every success criterion holds.' };
}

/** The criteria that do not hold, by name and with what was found; and the verdict in words, which ends with them. */
export function unmetIn(
  { verdict, criteria = [] }: Verification,
  text: string,
): Pick<JudgedAttempt, 'unmet' | 'output'> {
  const gate = `the gate says ${verdict}`;
  const others = criteria.filter(({ met, found }) => !met && !found.endsWith(gate));
  const unmet = others.map(({ id, found }) => `${id}: ${found}`);
  return { unmet: verdict === 'pass' ? unmet : [`gate: ${gate}`, ...unmet], output: text };
}

/** The verdict that counts, of the whole or of a subtask, told as it comes. */
export async function verifyAsParent(
  healing: Healing,
  { run }: Pick<AgentRun, 'run'>,
  what: Pick<VerifyOptions, 'criteria' | 'subtask'>,
): Promise<VerifiedFix> {
  const { bench, fix, stop, tell } = healing;
  const verified = await verifyFix(bench, fix.incident, {
    ...what,
    by: 'parent',
    run,
    signal: stop.signal,
    onProgress: (line) => tell({ kind: 'gate', text: line }),
  });
  for (const event of verdictEvents('parent', verified.verification)) tell(event);
  tellCriteria(healing, verified.verification);
  return verified;
}

/** One line each, the gate apart, which has said so itself. */
function tellCriteria(healing: Healing, { criteria = [] }: Verification): void {
  for (const { id, met, found } of criteria)
    if (id !== 'gate') step(healing, `Criterion ${id} ${met ? 'holds' : 'does not hold'}: ${found.split('\n')[0]}`);
}

/** Into the tree that is verified: nothing may be added to it afterwards. */
async function addLesson(healing: Healing): Promise<void> {
  const lesson = await writeLesson(healing.bench, healing.fix, healing.stop.signal);
  if (lesson.status === 'drafted') step(healing, `The agent wrote no lesson; one was drafted as ${lesson.id}`);
  if (lesson.status === 'left_out') step(healing, `No lesson goes with the fix: ${lesson.why}`);
}

/** Why nothing that the run left may be judged at all, or undefined. */
export function objectionTo(healing: Healing, { violations }: Pick<AgentRun, 'violations'>): string | undefined {
  return objectionToDiagnosis(healing) ?? (violations.length > 0 ? unguardedWhy(violations) : undefined);
}

/** While no guard answered, the agent did what the gate cannot see in the tree. */
export function unguardedWhy(violations: readonly string[]): string {
  return `The agent did what it may not do while no guard answered: ${violations.slice(0, 5).join('; ')}.`;
}

/** Of the checks that block. */
export function findingsIn(verification: Verification): Finding[] {
  return blockingChecks(verification).flatMap((name) => verification.checks[name].findings);
}

/** The row counts only as it was seen being recorded. */
function objectionToDiagnosis({ bench, fix, witness }: Healing): string | undefined {
  return witness.objection(diagnosisOf(bench.db, fix.incident, fix.round));
}

/** Of the worktree as it is, and of the base. */
export async function treesOf({ bench, fix, stop }: Healing): Promise<{ current: string; base: string }> {
  const workspace = await openWorkspace(bench.repository);
  return { base: await treeOf(workspace, fix.base.commit), current: await currentTree(bench, fix, stop.signal) };
}

/** What a verdict is about. */
export function subjectOf({ bench, fix }: Healing, tree: string): string {
  return `${tree} ${diagnosisOf(bench.db, fix.incident, fix.round)?.affected_files.join('\0')}`;
}
