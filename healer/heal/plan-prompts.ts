/** The tasks of scope reduction: to make a plan, and to do one subtask of it. */
import type { Diagnosis } from '../../store/diagnoses.ts';
import type { OpenFix } from '../fixes/open-fix.ts';
import type { Subtask } from '../fixes/subtask.ts';
import { type PreviousAttempt, previousBlock } from '../recovery/corrective-prompt.ts';
import type { Criterion } from '../recovery/criteria.ts';
import { clip, criteriaLines, diagnosisLines, inWords } from './prompts.ts';

interface Known {
  fix: OpenFix;
  diagnosis: Diagnosis;
  /** Of the last attempt at the whole; undefined where the next run is not to be told. */
  previous: PreviousAttempt | undefined;
}

export function planTask({ fix, diagnosis, previous }: Known, criteria: readonly Criterion[]): string {
  return [
    `Make a plan for incident ${fix.incident}. Every attempt to fix it as a whole failed; the worktree is as the last one left it. Change nothing in this run: the subtasks begin on the base, without what lies there now.`,
    '',
    'Call `start_fix`, read what you need, and end with one call of `record_plan`:',
    '- 3 to 5 subtasks, each small enough for one run. Together they are the whole fix: the reproduction (a test, and the scenario by `edit_context`), the change, the lesson.',
    '- `goal`: what is true afterwards. `files`: diagnosed files and tests only. `depends_on`: only where one needs what another changes; the others go on when one fails.',
    '- `criteria`: what is checked when the run of the subtask has ended: `command` (runs tests), `file_exists` or `file_contains`.',
    'A subtask is judged by its criteria and by what must not break. The reproduction and the whole gate judge all of them together at the end. If it cannot be split, or a person must decide, call `escalate`.',
    '',
    ...told(previous),
    ...diagnosisLines(diagnosis),
    ...criteriaLines(criteria),
    '',
    clip(fix.context),
  ].join('\n');
}

export interface SubtaskPlace {
  position: number;
  of: number;
  /** Titles of subtasks whose change is in the worktree, and of those that failed or were left out. */
  done: readonly string[];
  missing: readonly string[];
}

/** Titles and goals are an agent's words: they stand as data. */
export function subtaskTask({ fix, diagnosis, previous }: Known, subtask: Subtask, place: SubtaskPlace): string {
  const { title, goal, files, criteria } = subtask;
  const names = (titles: readonly string[]) => titles.map((one) => JSON.stringify(one)).join(', ') || 'none';
  return [
    `Fix incident ${fix.incident}: do subtask ${place.position} of ${place.of} of its plan, and nothing else. Other runs do the others.`,
    `- title: ${JSON.stringify(title)}`,
    `- goal: ${JSON.stringify(goal)}`,
    `- files: ${names(files)}`,
    '- checked when you are done:',
    ...criteria.map((one) => `  - ${inWords(one)}`),
    `- in the worktree already: ${names(place.done)}`,
    ...(place.missing.length > 0 ? [`- failed, and not in the worktree: ${names(place.missing)}`] : []),
    '',
    'Call `verify_fix` when it is done. In this run it judges this subtask alone: the reproduction is judged with the whole, later. On `fail` correct it and verify again; on `pass` end here. Do not call `propose_pr`. If it cannot be done, end with why; `escalate` hands over the whole incident.',
    '',
    ...told(previous),
    ...diagnosisLines(diagnosis),
    '',
    clip(fix.context),
  ].join('\n');
}

function told(previous: PreviousAttempt | undefined): string[] {
  return previous === undefined ? [] : ['What the last attempt came to:', previousBlock(previous), ''];
}
