/** Runs chosen scenarios on one tree and says how each stands, compared with the base: `run_scenarios`, `scenarios run`. */
import type { Law } from '../context/law.ts';
import { matches } from '../context/path-rules.ts';
import { BUILT_IN_SCENARIO, type Scenario } from '../context/schemas/scenarios.ts';
import { isAllowedAddition } from './agent-scenario.ts';
import type { CheckRun } from './check-run.ts';
import { compareRuns } from './regression.ts';
import { Execution, type ExecutionContext } from './scenarios/execution.ts';
import { askForFlaky } from './scenarios/flaky.ts';
import { type RunnableScenario, sortScenarios } from './scenarios/order.ts';
import type { Counts } from './verification.ts';

export type ScenarioStatus = 'passed' | 'failed' | 'timed_out' | 'already_failing' | 'flaky' | 'unproven' | 'error';

export interface ScenarioResult {
  id: string;
  status: ScenarioStatus;
  seconds: number;
  counts: Counts;
  /** The end of its output, or why it could not run. */
  tail: string;
}

/** Without any of them: everything, S000 included. Several narrow down together. */
export interface ScenarioSelection {
  incident?: string | undefined;
  ids?: readonly string[] | undefined;
  files?: readonly string[] | undefined;
  tags?: readonly string[] | undefined;
}

export interface RunScenariosInput extends Omit<ExecutionContext, 'config'> {
  law: Pick<Law, 'config' | 'scenarios'>;
  /** Scenarios that the running fix adds. */
  added?: readonly Scenario[] | undefined;
  selection: ScenarioSelection;
  baseTree: string;
  /** The tree to run on; the base's for `at: base`. */
  tree: string;
}

const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

export async function runScenarios(input: RunScenariosInput): Promise<ScenarioResult[]> {
  const { law, selection, added = [] } = input;
  const chosen = [...law.scenarios, ...added].filter((scenario) => isSelected(scenario, selection));
  const sorted = sortScenarios(chosen, law.config.tests, {
    incident: selection.incident,
    touched: selection.files ?? [],
    radius: [],
  });
  const agents = new Set(added.map(({ id }) => id));
  const execution = new Execution({ ...input, config: law.config });
  const results: ScenarioResult[] = [];
  const runnable: RunnableScenario[] = [];
  await input.checkout.use(input.tree);
  for (const one of sorted.runnable) {
    if (one.id === BUILT_IN_SCENARIO && !wantsBuiltIn(selection)) continue;
    const allowed = agents.has(one.id) ? isAllowedAddition(one.way, law, input.checkout.path) : ({ ok: true } as const);
    if (!allowed.ok)
      results.push({ id: one.id, status: 'error', seconds: 0, counts: NONE, tail: `It may not run. ${allowed.why}` });
    else runnable.push(agents.has(one.id) ? { ...one, author: 'agent' } : one);
  }
  const onBase = input.tree === input.baseTree;
  const runs = await execution.onTree(runnable, input.tree, onBase ? 'base' : 'fix');
  for (const scenario of runnable) {
    const run = runs.get(scenario.id);
    if (run) results.push(await resultOf(execution, scenario, run, input));
  }
  const silent = (status: ScenarioStatus, tail: (scenario: Scenario) => string) => (scenario: Scenario) => ({
    id: scenario.id,
    status,
    seconds: 0,
    counts: NONE,
    tail: tail(scenario),
  });
  const place = ({ origin }: Scenario) => `${origin.path}:${origin.line}:${origin.column}`;
  results.push(
    ...sorted.unproven.map(
      silent('unproven', (one) => `Nothing executes it. Add test_command, call or http at ${place(one)}.`),
    ),
  );
  return results;
}

function isSelected(scenario: Scenario, { incident, ids, files, tags }: ScenarioSelection): boolean {
  return (
    (incident === undefined || scenario.incident === incident) &&
    (ids === undefined || ids.includes(scenario.id)) &&
    (files === undefined || files.some((file) => matches(scenario.files, file))) &&
    (tags === undefined || tags.some((tag) => scenario.tags.includes(tag)))
  );
}

function wantsBuiltIn({ incident, ids, files, tags }: ScenarioSelection): boolean {
  if (ids !== undefined) return ids.includes(BUILT_IN_SCENARIO);
  return incident === undefined && files === undefined && tags === undefined;
}

async function resultOf(
  execution: Execution,
  scenario: RunnableScenario,
  run: CheckRun,
  { baseTree, tree, law }: RunScenariosInput,
): Promise<ScenarioResult> {
  const because = run.reason === undefined ? '' : `\n${run.reason.message}`;
  const result = {
    id: scenario.id,
    seconds: run.seconds,
    counts: run.counts ?? NONE,
    tail: `${run.tail}${because}`.trim(),
  };
  if (run.status !== 'failed' || tree === baseTree) return { ...result, status: run.status };
  const base = await execution.once(scenario, baseTree, 'base');
  const retries = law.config.tests.flaky_retries;
  const { newFailures, removed, skipped, notReached } = compareRuns(base, run);
  if (removed.length + skipped.length + notReached.length > 0) return { ...result, status: 'failed' };
  if (newFailures.length === 0) return { ...result, status: 'already_failing' };
  if (retries === 0 || scenario.kind === 'check') return { ...result, status: 'failed' };
  const { excused } = await askForFlaky(execution, { scenario, base, candidate: run, baseTree, retries });
  return { ...result, status: newFailures.every(({ name }) => excused.has(name)) ? 'flaky' : 'failed' };
}
