/** A retry excuses only a case that is unstable on the base too (DESIGN §5). */
import type { CheckRun, TestCase } from '../check-run.ts';
import { compareRuns } from '../regression.ts';
import type { Execution } from './execution.ts';
import type { RunnableScenario } from './order.ts';

export interface FlakyQuestion {
  scenario: RunnableScenario;
  base: CheckRun;
  candidate: CheckRun;
  baseTree: string;
  /** `tests.flaky_retries` */
  retries: number;
}

export interface FlakyAnswer {
  /** Names of the new failures that are unstable on the base as well. */
  excused: Set<string>;
  /** Names that a retry turned green although the base is stable: reported, not excused. */
  unstableOnlyHere: Set<string>;
  /** The retries, for the evidence. */
  runs: CheckRun[];
}

/** Tries on the base before a case counts as stable there. */
const BASE_TRIES = 3;

export async function askForFlaky(execution: Execution, question: FlakyQuestion): Promise<FlakyAnswer> {
  const { scenario, base, candidate, baseTree, retries } = question;
  const suspects = new Map(compareRuns(base, candidate).newFailures.map((one) => [one.name, one]));
  const answer: FlakyAnswer = { excused: new Set(), unstableOnlyHere: new Set(), runs: [] };
  const green = new Set<string>();
  for (let retry = 0; retry < retries && green.size < suspects.size; retry++) {
    const run = await execution.again(scenario, candidate.tree, candidate.at);
    answer.runs.push(run);
    for (const name of suspects.keys()) if (has(run, name, 'passed')) green.add(name);
  }
  for (let time = 0; time < BASE_TRIES && answer.excused.size < green.size; time++) {
    const run = await execution.again(scenario, baseTree, 'base');
    answer.runs.push(run);
    for (const name of green) if (has(run, name, 'failed')) answer.excused.add(name);
  }
  for (const name of green) if (!answer.excused.has(name)) answer.unstableOnlyHere.add(name);
  return answer;
}

function has(run: CheckRun, name: string, status: TestCase['status']): boolean {
  return run.cases.some((one) => one.name === name && one.status === status);
}
