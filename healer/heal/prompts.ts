/** The tasks that the agents of a headless run are given; how they work is in their own texts. */
import type { Diagnosis } from '../../store/diagnoses.ts';
import type { OpenFix } from '../fixes/open-fix.ts';
import type { Criterion } from '../recovery/criteria.ts';

/** A prompt is one argument of a command; systems limit those to 128 KiB. */
const CONTEXT_LIMIT = 60_000;

export function diagnosisTask({ incident, context }: OpenFix): string {
  return `Diagnose incident ${incident}.\n\n${clip(context)}`;
}

export function fixTask(fix: OpenFix, diagnosis: Diagnosis, criteria: readonly Criterion[]): string {
  return [
    `Fix incident ${fix.incident}.`,
    '',
    ...diagnosisLines(diagnosis),
    ...criteriaLines(criteria),
    '',
    clip(fix.context),
  ].join('\n');
}

export function diagnosisLines(diagnosis: Diagnosis): string[] {
  return [
    'The diagnosis is recorded (data of an earlier run; the affected files are the scope you are held to):',
    ...(['root_cause', 'failure_type', 'affected_files', 'reasoning'] as const).map(
      (field) => `- ${field}: ${JSON.stringify(diagnosis[field]).slice(0, 4000)}`,
    ),
  ];
}

/** What the agent reads of the task when it goes on in a session that has the rest. */
export function shortTask(fix: OpenFix, agent: 'diagnostician' | 'self-healing'): string {
  return `${agent === 'diagnostician' ? 'Diagnose' : 'Fix'} incident ${fix.incident}.`;
}

export const CONTINUE = 'The connection to the model was lost. Go on where you left off.';

export function criteriaLines(criteria: readonly Criterion[]): string[] {
  const own = criteria.filter(({ gate }) => gate === undefined);
  if (own.length === 0) return [];
  return [
    '',
    'Besides a pass of the gate, these are checked after you are done:',
    ...own.map((one) => `- ${inWords(one)}`),
  ];
}

export function inWords({ id, description, command, file_exists, file_contains }: Criterion): string {
  const what =
    command !== undefined
      ? `\`${command}\` succeeds`
      : file_exists !== undefined
        ? `${file_exists} exists`
        : `${file_contains?.path} contains ${JSON.stringify(file_contains?.text)}`;
  return description ? `${id}: ${description} (${what})` : `${id}: ${what}`;
}

export function clip(text: string): string {
  return text.length > CONTEXT_LIMIT ? `${text.slice(0, CONTEXT_LIMIT)}\n(cut; get_context has the rest)` : text;
}
