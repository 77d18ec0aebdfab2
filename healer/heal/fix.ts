/** The second phase: the fixing agent works, its parent judges, and a failed attempt is followed by a corrective one. */
import { configLine } from '../../gate/lift.ts';
import { runsOf } from '../../store/runs.ts';
import { requireFixable } from '../fixes/autonomy.ts';
import { changeOfLaw, writeIt } from '../fixes/change-of-law.ts';
import { dropRequest } from '../fixes/proposal-request.ts';
import { correctivePrompt, type PreviousAttempt } from '../recovery/corrective-prompt.ts';
import { answerTo } from '../recovery/failure-mode.ts';
import { comeBack, type End, giveBack, handOver, interrupted, leave, publishProven, takeBack } from './conclude.ts';
import { configOf, type Healing, step } from './healing.ts';
import { type JudgedAttempt, judgeAttempt } from './judge-attempt.ts';
import { fixTask, shortTask } from './prompts.ts';
import { type AgentRun, runAgent } from './run-agent.ts';
import { spendable } from './spending.ts';

export async function fixAndProve(healing: Healing, earlier: PreviousAttempt | undefined): Promise<End> {
  const { bench, fix } = healing;
  const { diagnosis } = await requireFixable(bench, fix);
  const { recovery, criteria } = configOf(healing);
  const task = fixTask(fix, diagnosis, healing.options.criteria ?? criteria);
  const before = attemptsBefore(healing);
  // What an earlier process used up is used up; one attempt is always made.
  const attempts = Math.max(1, 1 + (recovery.self_correction ? recovery.corrective_retries : 0) - before);
  const tried: string[] = [];
  let prompt = earlier && recovery.failure_context ? correctivePrompt(earlier, task) : task;
  let resume: string | undefined;
  let last: JudgedAttempt | undefined;
  for (let made = 1; ; made++) {
    step(healing, made === 1 ? 'Fixing' : `Trying again (corrective retry ${made - 1})`);
    const attempt = before + made;
    const run = await runAgent(healing, { agent: 'self-healing', attempt, prompt, resume, freshPrompt: task });
    if (healing.stop.reason() !== undefined) return interrupted(healing);
    if (run.unusable) return giveBack(healing, run.why, run.unusable.next);
    const ended = await endedByAgent(healing, run);
    if (ended) return ended;

    const judged = await judgeAttempt(healing, run, last);
    last = judged;
    if (healing.stop.reason() !== undefined) return interrupted(healing);
    if (judged.mode === null) return publishProven(healing, judged.verdict);
    if (judged.mode === 'transient' && healing.options.queue) return comeBack(healing, judged.why, run);
    const answer = answerTo(judged.mode);
    if (answer === 'escalate' || answer === 'wait_and_resume' || made >= attempts)
      return handOver(healing, {
        why: [judged.why, ...judged.unmet, ...findingLines(judged)].join('\n'),
        needs: needsAfter(healing, judged),
        mode: judged.mode,
        verdict: judged.verdict,
      });

    dropRequest(bench, fix.incident, fix.round);
    resume = answer === 'corrective_resume' ? (run.sessionId ?? undefined) : undefined;
    const original = resume === undefined ? task : shortTask(fix, 'self-healing');
    prompt = recovery.failure_context ? correctivePrompt(previousAttempt(judged, run, tried), original) : task;
    tried.push(`attempt ${attempt}: ${judged.mode}: ${judged.why} ${findingLines(judged).join('; ')}`);
  }
}

/**
 * The agent's own hand-over or dismissal, which its server carried out and the stream showed; or a person's decision. Any
 * other state was written by somebody who may not: no status that the parent did not set itself counts as a success.
 */
async function endedByAgent(healing: Healing, run: AgentRun): Promise<End | undefined> {
  const { bench, fix } = healing;
  const status = (await bench.incidents.get(fix.incident))?.status;
  if (status === 'healing') return undefined;
  if (status === 'escalated' && run.carriedOut.includes('escalate'))
    return leave(healing, 'The agent handed the incident over.');
  if (status === 'dismissed' && run.carriedOut.includes('dismiss_incident'))
    return leave(healing, 'The agent dismissed the incident; a person has to confirm it.');
  if (status === 'cancelled') return leave(healing, 'The incident was cancelled.');
  return takeBack(
    healing,
    `The incident became ${status ?? 'unknown'} during the run, and no call of the run did that.`,
  );
}

function attemptsBefore({ bench, fix }: Healing): number {
  // One that no API answered was no attempt.
  const runs = runsOf(bench.db, fix.incident, fix.round).filter(
    ({ phase, failure_mode }) => phase === 'fix' && failure_mode !== 'transient',
  );
  return Math.max(0, ...runs.map(({ attempt }) => attempt));
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
