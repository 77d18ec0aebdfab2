/**
 * The second phase: the fixing agent works, its parent judges, a failed attempt is followed by a corrective one, and after
 * the last of them the task is split.
 */
import { configLine } from '../../gate/lift.ts';
import { requireFixable } from '../fixes/autonomy.ts';
import { changeOfLaw, writeIt } from '../fixes/change-of-law.ts';
import { dropRequest } from '../fixes/proposal-request.ts';
import { correctivePrompt, type PreviousAttempt } from '../recovery/corrective-prompt.ts';
import { declaredCriteria, keepGivenCriteria } from '../recovery/declared-criteria.ts';
import { answerTo } from '../recovery/failure-mode.ts';
import { endAfterRun } from './after-run.ts';
import { attemptsMade, lastFailed, noteAttempt, triedBefore, wasPlanning } from './attempts.ts';
import { type End, handOver, interrupted, publishProven } from './conclude.ts';
import { configOf, type Healing, step } from './healing.ts';
import { type JudgedAttempt, judgeAttempt, subjectOf } from './judge-attempt.ts';
import { fixTask, shortTask } from './prompts.ts';
import type { Reduced } from './reduced.ts';
import type { Rework } from './rework.ts';
import { type AgentRun, runAgent } from './run-agent.ts';
import { reduceScope } from './scope-reduction.ts';
import { spendable } from './spending.ts';

export async function fixAndProve(
  healing: Healing,
  earlier: PreviousAttempt | undefined,
  rework?: Rework | undefined,
): Promise<End> {
  const { bench, fix, options } = healing;
  const { diagnosis } = await requireFixable(bench, fix);
  const { recovery } = configOf(healing);
  if (options.criteria !== undefined) keepGivenCriteria(bench, fix, options.criteria);
  const criteria = options.criteria ?? declaredCriteria(bench, fix);
  const told = (previous: PreviousAttempt | undefined) => (recovery.failure_context ? previous : undefined);
  const before = attemptsMade(healing);
  const known = earlier ?? lastFailed(healing);
  if (rework === undefined && wasPlanning(healing) && known !== undefined)
    return afterPlan(
      healing,
      // A part that was cut off is no attempt at the whole, and the round does not end with its mode.
      await reduceScope(healing, {
        diagnosis,
        criteria,
        last: lastKnown(lastFailed(healing) ?? known),
        told: told(known),
      }),
    );

  const task = fixTask(fix, diagnosis, criteria);
  // What an earlier process used up is used up; one attempt is always made.
  const attempts = Math.max(
    1,
    1 + (recovery.self_correction ? recovery.corrective_retries : 0) - (rework?.made ?? before.whole),
  );
  // What people asked for is the task itself, not the context of a failure.
  let previous = rework?.previous ?? told(known);
  let resume: string | undefined;
  let last = rework && unchanged(healing, rework);
  for (let made = 1; ; made++) {
    step(healing, made === 1 ? 'Fixing' : `Trying again (corrective retry ${made - 1})`);
    const attempt = before.whole + made;
    const freshPrompt = previous ? correctivePrompt(previous, task) : task;
    const prompt =
      previous && resume !== undefined ? correctivePrompt(previous, shortTask(fix, 'self-healing')) : freshPrompt;
    const run = await runAgent(healing, { agent: 'self-healing', attempt, prompt, resume, freshPrompt });
    const ended = await endAfterRun(healing, run);
    if (ended) return ended;

    const judged = await judgeAttempt(healing, run, criteria, last);
    last = judged;
    if (healing.stop.reason() !== undefined) return interrupted(healing);
    noteAttempt(healing, attempt, { mode: judged.mode, why: whyOf(judged) });
    if (judged.mode === null) return publishProven(healing, judged.verdict);
    const answer = answerTo(judged.mode);
    if (answer === 'escalate' || answer === 'wait_and_resume') return handOverJudged(healing, judged);
    const happened = previousAttempt(judged, run, triedBefore(healing, attempt));
    previous = rework ? { ...happened, unmet: [...rework.previous.unmet, ...happened.unmet] } : told(happened);
    if (made >= attempts) {
      if (rework || !recovery.self_correction || !recovery.decompose) return handOverJudged(healing, judged);
      return afterPlan(healing, await reduceScope(healing, { diagnosis, criteria, last: judged, told: previous }));
    }
    dropRequest(bench, fix.incident, fix.round);
    resume = answer === 'corrective_resume' ? (run.sessionId ?? undefined) : undefined;
  }
}

/** What the worktree began with is no answer to what people asked for. */
function unchanged(healing: Healing, { previous, tree }: Rework): JudgedAttempt | undefined {
  if (tree === undefined) return undefined;
  const { mode, why, unmet, output } = previous;
  const subject = subjectOf(healing, tree);
  return { mode, why, verdict: 'fail', unmet: [...unmet], output, findings: [], subject };
}

async function afterPlan(healing: Healing, reduced: Reduced): Promise<End> {
  if ('end' in reduced) return reduced.end;
  if (healing.stop.reason() !== undefined) return interrupted(healing);
  const { judged } = reduced;
  return judged.mode === null ? publishProven(healing, judged.verdict) : handOverJudged(healing, judged);
}

function handOverJudged(healing: Healing, judged: JudgedAttempt): Promise<End> {
  if (judged.mode === null) throw new Error('A proven attempt is not handed over');
  const why = [judged.why, ...judged.unmet, ...findingLines(judged)].join('\n');
  return handOver(healing, { why, needs: needsAfter(healing, judged), mode: judged.mode, verdict: judged.verdict });
}

/** A failed attempt of an earlier process, as far as it is known. */
function lastKnown({ mode, why }: PreviousAttempt): JudgedAttempt {
  return { mode, why, verdict: undefined, unmet: [], output: why, findings: [], subject: undefined };
}

/** What went wrong, for the line of this attempt in later prompts. */
function whyOf(judged: JudgedAttempt): string {
  const unmet = judged.unmet.filter((line) => !line.startsWith('gate:')).map((line) => line.split('\n')[0]);
  return [judged.why, ...unmet, ...findingLines(judged)].join(' ');
}

function previousAttempt(judged: JudgedAttempt, run: AgentRun, tried: readonly string[]): PreviousAttempt {
  if (judged.mode === null) throw new Error('A proven attempt needs no corrective one');
  const { mode, why, unmet, output } = judged;
  // The output may have to be cut; what the gate found is told in any case.
  const found = findingLines(judged).map((line) => line.replace(/^- /, ''));
  return { mode, why, unmet: [...unmet, ...found], actions: run.actions, output, triedBefore: tried };
}

/** The first findings that block, each with its next step. */
function findingLines({ findings }: JudgedAttempt): string[] {
  return findings.slice(0, 5).map(({ code, message, next }) => `- [${code}] ${message} Next: ${next}`);
}

function needsAfter(healing: Healing, { mode, verdict, findings }: JudgedAttempt): string {
  const { bench, fix } = healing;
  const retry = `self-healing retry ${fix.incident}`;
  if (mode === 'budget') {
    const line = budgetLine(healing);
    return `Finish the fix by hand, or give it more money. ${changeOfLaw(bench, fix, line, retry)}`;
  }
  if (mode === 'transient') return 'Try again when the API answers.';
  const lifting = findings.some(({ lift }) => lift !== undefined)
    ? `\nWhat you may lift stands with its finding, as a line of YAML. ${writeIt(fix)}, then run \`${retry}\`.`
    : '';
  if (verdict === 'refuse' || mode === 'refused')
    return `Decide about the change that the gate refused; it may be right and still be yours to make.${lifting}`;
  return `Finish the fix by hand from what is in the report, or try again.${lifting}`;
}

/** Twice what the nearest limit is. */
function budgetLine(healing: Healing): string {
  const config = configOf(healing);
  const { limit } = spendable(healing.bench, healing.fix.incident, config, healing.spentUsd);
  switch (limit) {
    case 'claude.max_usd':
      return configLine('claude', 'max_usd', 2 * config.claude.max_usd);
    case 'budget.max_usd_per_incident':
      return configLine('budget', 'max_usd_per_incident', 2 * config.budget.max_usd_per_incident);
    case 'budget.max_usd_per_day':
      return configLine('budget', 'max_usd_per_day', 2 * config.budget.max_usd_per_day);
    default:
      return limit satisfies never;
  }
}
