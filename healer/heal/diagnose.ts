/** The first phase: the diagnostician finds the cause; what it recorded decides whether the second one begins. */
import type { Config } from '../../context/schemas/config.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import { runsOf } from '../../store/runs.ts';
import { judgeDiagnosis, liftOf } from '../fixes/autonomy.ts';
import { changeOfLaw } from '../fixes/change-of-law.ts';
import { startFix } from '../fixes/start-fix.ts';
import { approveStart } from '../incidents/decisions.ts';
import { correctivePrompt } from '../recovery/corrective-prompt.ts';
import { answerTo } from '../recovery/failure-mode.ts';
import { comeBack, type End, giveBack, handOver, interrupted, leave, takeBack } from './conclude.ts';
import { configOf, type Healing, step } from './healing.ts';
import { unguardedWhy } from './judge-attempt.ts';
import { diagnosisTask, shortTask } from './prompts.ts';
import { runAgent } from './run-agent.ts';

/** One corrective retry, where there may be any: a cause that is not found twice is a person's. */
function triesOf({ self_correction, corrective_retries }: Config['recovery']): number {
  return self_correction && corrective_retries > 0 ? 2 : 1;
}

/** Undefined when the fix may begin. */
export async function diagnose(healing: Healing): Promise<End | undefined> {
  return (await findCause(healing)) ?? decide(healing);
}

async function findCause(healing: Healing): Promise<End | undefined> {
  const { bench, fix } = healing;
  const known = () => diagnosisOf(bench.db, fix.incident, fix.round);
  if (known() !== undefined) {
    step(healing, 'The cause was recorded earlier in this round');
    return undefined;
  }
  const task = diagnosisTask(fix);
  const first = runsOf(bench.db, fix.incident, fix.round).filter(({ phase }) => phase === 'diagnosis').length;
  const { recovery } = configOf(healing);
  let prompt = task;
  let freshPrompt = task;
  let resume: string | undefined;
  for (let attempt = 1; ; attempt++) {
    step(healing, attempt === 1 ? 'Looking for the cause' : 'Looking for the cause once more');
    const run = await runAgent(healing, {
      agent: 'diagnostician',
      attempt: first + attempt,
      prompt,
      resume,
      freshPrompt,
    });
    if (healing.stop.reason() !== undefined) return interrupted(healing);
    if (run.unusable) return giveBack(healing, run.why, run.unusable.next);
    if (run.violations.length > 0)
      return handOver(healing, {
        why: unguardedWhy(run.violations),
        needs: 'Look at what the agent did.',
        mode: 'refused',
      });
    const objection = healing.witness.objection(known());
    if (objection !== undefined)
      return handOver(healing, { why: objection, needs: 'Look at what the agent did.', mode: 'refused' });
    const status = (await bench.incidents.get(fix.incident))?.status;
    if (status === 'cancelled') return leave(healing, 'The incident was cancelled.');
    if (status !== 'healing' && !(status === 'awaiting_start' && run.carriedOut.includes('record_diagnosis')))
      return takeBack(healing, `The incident became ${status} during the run, and no call of the run did that.`);
    if (known() !== undefined) return undefined;
    const mode = run.mode ?? 'partial';
    const why = run.mode ? run.why : 'The diagnostician ended without recording a diagnosis.';
    if (mode === 'transient' && healing.options.queue) return comeBack(healing, why, run);
    if (attempt >= triesOf(recovery) || answerTo(mode) === 'escalate' || mode === 'transient')
      return handOver(healing, { why, needs: 'Find the cause by hand, or try again.', mode });
    const previous = {
      mode,
      why,
      unmet: ['a diagnosis is recorded'],
      actions: run.actions,
      output: why,
      triedBefore: [],
    };
    if (!recovery.failure_context) continue;
    resume = answerTo(mode) === 'corrective_resume' ? (run.sessionId ?? undefined) : undefined;
    freshPrompt = correctivePrompt(previous, task);
    prompt = resume ? correctivePrompt(previous, shortTask(fix, 'diagnostician')) : freshPrompt;
  }
}

async function decide(healing: Healing): Promise<End | undefined> {
  const { bench, fix } = healing;
  const judged = await judgeDiagnosis(bench, fix);
  if (!judged) throw new Error('The diagnosis that was just seen is not there');
  const { diagnosis, autonomy, confident } = judged;
  const then = (lift: string) => changeOfLaw(bench, fix, lift, `self-healing retry ${fix.incident}`);
  const lift = liftOf(judged);
  step(
    healing,
    `Cause (${diagnosis.failure_type}, confidence ${diagnosis.confidence}): ${diagnosis.root_cause.replace(/\s+/g, ' ').slice(0, 400)}`,
  );
  if (!confident)
    return handOver(healing, {
      why: `The diagnosis has confidence ${diagnosis.confidence}, below the threshold of ${configOf(healing).guardrails.confidence_threshold}.`,
      needs: withLine('Confirm or correct the root cause; then fix it by hand or try again.', lift && then(lift)),
      mode: 'low_confidence',
    });
  switch (autonomy) {
    case 'fix':
      return undefined;
    case 'diagnose':
      return handOver(healing, {
        why: `Errors of the class ${diagnosis.failure_type} are diagnosed only (autonomy.${diagnosis.failure_type}: diagnose).`,
        needs: withLine(`Decide on the change. ${diagnosis.root_cause}`, lift && then(lift)),
      });
    case 'ask':
      return ask(healing, diagnosis.failure_type);
    default:
      return autonomy satisfies never;
  }
}

/** What a person may write instead of doing it by hand. */
function withLine(needs: string, sentence: string | undefined): string {
  return sentence === undefined ? needs : `${needs}\nTo let it be fixed: ${sentence}`;
}

/** A person's approval in advance counts here too; else the incident waits for one. */
async function ask(healing: Healing, failureType: string): Promise<End | undefined> {
  const { bench, fix, options } = healing;
  const { incident } = fix;
  const why = `the class ${failureType} is set to "ask"`;
  await bench.incidents.transition({ incident, to: 'awaiting_start', from: ['healing'], who: 'heal', why });
  if (options.approvedBy === undefined) return leave(healing, `Diagnosed; ${why}, so a person decides about the fix.`);
  await approveStart(bench.incidents, { incident, who: options.approvedBy });
  healing.fix = await startFix(bench, { incident, base: fix.base.commit, who: 'heal', signal: healing.stop.signal });
  return undefined;
}
