/** The attempts of a round, from rows: how many are used up, and what the next run is told of them. */
import { judgedAttempts, saveJudgedAttempt } from '../../store/attempts.ts';
import { type Run, runsOf } from '../../store/runs.ts';
import { lastSteps } from '../../store/steps.ts';
import type { PreviousAttempt } from '../recovery/corrective-prompt.ts';
import { FAILURE_MODES, type FailureMode } from '../recovery/failure-mode.ts';
import type { Healing } from './healing.ts';

/** Whose rows are read. */
interface Round {
  bench: Healing['bench'];
  fix: { incident: string; round: number };
}

/** Characters of one attempt's judgement, which is a line of later prompts. */
const WHY = 1000;
const ACTIONS = 10;

export interface AttemptsMade {
  /** At the whole fix. */
  whole: number;
  /** Of the fixing agent, with those at parts of it: numbers go on after it. */
  all: number;
}

/** One that no API answered, or that somebody ended from outside, was no attempt: the next one has its number. */
export function attemptsMade({ bench, fix }: Round): AttemptsMade {
  const runs = runsOf(bench.db, fix.incident, fix.round).filter(
    ({ phase, failure_mode }) => phase === 'fix' && failure_mode !== 'transient' && failure_mode !== 'cancelled',
  );
  const last = (of: readonly Run[]) => Math.max(0, ...of.map(({ attempt }) => attempt));
  return { whole: last(runs.filter(({ part }) => part === null)), all: last(runs) };
}

/** Whether the round came as far as asking for a plan. */
export function wasPlanning({ bench, fix }: Round): boolean {
  return runsOf(bench.db, fix.incident, fix.round).some(({ part }) => part !== null);
}

export function noteAttempt(
  { bench, fix }: Round,
  attempt: number,
  { mode, why }: { mode: FailureMode | null; why: string },
): void {
  const { incident, round } = fix;
  const line = why.replace(/\s+/g, ' ').trim().slice(0, WHY);
  saveJudgedAttempt(bench.db, { incident, round, attempt, mode, why: line, at: bench.now().toISOString() });
}

/** One line for each failed attempt before `attempt`. */
export function triedBefore({ bench, fix }: Round, attempt = Number.POSITIVE_INFINITY): string[] {
  return judgedAttempts(bench.db, fix.incident, fix.round)
    .filter((row) => row.mode !== null && row.attempt < attempt)
    .map((row) => `attempt ${row.attempt}: ${row.mode}: ${row.why}`);
}

/** The last attempt that failed, as far as rows tell it: for a process that did not see it fail. */
export function lastFailed(healing: Round): PreviousAttempt | undefined {
  const { bench, fix } = healing;
  const row = judgedAttempts(bench.db, fix.incident, fix.round).findLast(({ mode }) => mode !== null);
  const mode = FAILURE_MODES.find((known) => known === row?.mode);
  if (row === undefined || mode === undefined) return undefined;
  const run = runsOf(bench.db, fix.incident, fix.round).findLast(
    ({ attempt, phase }) => attempt === row.attempt && phase === 'fix',
  );
  return {
    mode,
    why: row.why,
    unmet: [],
    actions: run ? lastActions(healing, run.id) : [],
    output: row.why,
    triedBefore: triedBefore(healing, row.attempt),
  };
}

export function lastActions({ bench }: Pick<Healing, 'bench'>, run: string): string[] {
  return lastSteps(bench.db, run, ACTIONS).map(
    ({ tool, input, outcome }) => `${tool} ${input.slice(0, 100)} → ${outcome}`,
  );
}
