/** What may be done about the class of error that was diagnosed: fix it, ask a person first, or only hand it over. */
import { type Config, type FailureType, failureTypes } from '../../context/schemas/config.ts';
import { UserError } from '../../events/errors.ts';
import { configLine, liftedBy } from '../../gate/lift.ts';
import { type Diagnosis, diagnosisOf } from '../../store/diagnoses.ts';
import type { Transition } from '../../store/incidents.ts';
import type { Workbench } from '../workbench.ts';
import { effectiveConfig } from './effective-config.ts';
import type { OpenFix } from './open-fix.ts';

export type Autonomy = 'fix' | 'ask' | 'diagnose';

export interface Judged {
  diagnosis: Diagnosis;
  autonomy: Autonomy;
  /** Below the threshold only a hand-over remains, whatever the class. */
  confident: boolean;
}

/** The line of the config by which a person lets a diagnosis like this one be fixed; undefined when it may be. */
export function liftOf({ diagnosis, autonomy, confident }: Judged): string | undefined {
  if (!confident) return configLine('guardrails', 'confidence_threshold', diagnosis.confidence);
  if (autonomy === 'fix') return undefined;
  const known = failureTypes.find((name) => name === diagnosis.failure_type);
  return configLine('autonomy', known ?? 'unknown', 'fix');
}

/** What the round's diagnosis allows; undefined while there is none. */
export async function judgeDiagnosis(bench: Workbench, fix: OpenFix): Promise<Judged | undefined> {
  const diagnosis = diagnosisOf(bench.db, fix.incident, fix.round);
  if (!diagnosis) return undefined;
  const config = effectiveConfig(bench, fix);
  const configured = autonomyOf(config, diagnosis.failure_type);
  const approved = configured === 'ask' && wasApproved(await bench.incidents.transitions(fix.incident), fix.round);
  return {
    diagnosis,
    autonomy: approved ? 'fix' : configured,
    confident: diagnosis.confidence >= config.guardrails.confidence_threshold,
  };
}

/** Throws UserError (`not_allowed`) unless a diagnosis is recorded that lets this fix go on. */
export async function requireFixable(bench: Workbench, fix: OpenFix): Promise<Judged> {
  const judged = await judgeDiagnosis(bench, fix);
  if (!judged)
    throw new UserError(
      `${fix.incident} has no diagnosis yet.`,
      'Find the root cause and call record_diagnosis first; its files are the scope that the gate holds the fix to.',
      'not_allowed',
    );
  if (!judged.confident)
    throw new UserError(
      `The diagnosis of ${fix.incident} has confidence ${judged.diagnosis.confidence}, below the threshold of ${effectiveConfig(bench, fix).guardrails.confidence_threshold}. ${personsLine(judged)}`,
      'Call escalate with what you know and what you need; name the line there.',
      'not_allowed',
    );
  if (judged.autonomy === 'fix') return judged;
  throw new UserError(
    `Errors of the class ${judged.diagnosis.failure_type} are set to "${judged.autonomy}" and may not be fixed without a person. ${personsLine(judged)}`,
    judged.autonomy === 'ask'
      ? 'Stop here; a person is asked.'
      : 'Call escalate with the diagnosis and the change you would make; name the line there.',
    'not_allowed',
  );
}

export function personsLine(judged: Judged): string {
  const lift = liftOf(judged);
  return lift === undefined ? '' : `${liftedBy(lift)}.`;
}

/** A class that the config does not know counts as `unknown`. */
function autonomyOf(config: Config, failureType: string): Autonomy {
  return config.autonomy[failureType as FailureType] ?? config.autonomy.unknown;
}

/** In this round the run stopped to ask for its class, and somebody let it go on. */
function wasApproved(transitions: Transition[], round: number): boolean {
  const ours = transitions.filter((transition) => transition.round === round);
  const asked = ours.findIndex(({ from, to }) => from === 'healing' && to === 'awaiting_start');
  return asked >= 0 && ours.slice(asked).some(({ from, to }) => from === 'awaiting_start' && to === 'queued');
}
