/**
 * Check 2, law 4: everything that must keep working still does. Every scenario in force and the project's whole test
 * command (S000) run on the base, on the base with the fix's source alone, and on the whole fix, and are compared case by
 * case with the base.
 */
import type { Law } from '../context/law.ts';
import { matches } from '../context/path-rules.ts';
import { BUILT_IN_SCENARIO } from '../context/schemas/scenarios.ts';
import type { CheckRun } from './check-run.ts';
import type { Trees } from './compose.ts';
import { evidenceOf } from './evidence.ts';
import { type JudgedCheck, type JudgedFinding, judge } from './judged-finding.ts';
import { configLine, entryLine } from './lift.ts';
import { compareRuns } from './regression.ts';
import { readShellLine } from './runner/shell-line.ts';
import { Execution, type ExecutionContext } from './scenarios/execution.ts';
import { judgeScenario } from './scenarios/findings.ts';
import { askForFlaky } from './scenarios/flaky.ts';
import { type RunnableScenario, type ScenarioOrder, type SortedScenarios, sortScenarios } from './scenarios/order.ts';
import type { Evidence } from './verification.ts';

export interface ScenariosInput extends Omit<ExecutionContext, 'config'>, ScenarioOrder {
  law: Pick<Law, 'config' | 'scenarios'>;
  trees: Trees;
}

export interface ScenariosCheck extends JudgedCheck {
  /** What was executed on the whole fix: scenario ids, and the test files whose cases ran. */
  executed: { ids: string[]; testFiles: string[] };
}

export async function checkScenarios(input: ScenariosInput): Promise<ScenariosCheck> {
  const { law, trees } = input;
  const sorted = sortScenarios(law.scenarios, law.config.tests, input);
  const execution = new Execution({ ...input, config: law.config });
  const { runnable } = sorted;
  const base = await execution.onTree(runnable, trees.base, 'base');
  const baseSource = await execution.onTree(runnable, trees.baseSource, 'base_source');
  const fix = await execution.onTree(runnable, trees.fix, 'fix');

  const findings = notRunnable(input, sorted);
  const evidence: Evidence[] = [];
  const ran = new Map<string, CheckRun>();
  const commands = new Set<string>();
  for (const scenario of runnable) {
    const of = (runs: Map<string, CheckRun>) => runs.get(scenario.id);
    const runs = { base: of(base), baseSource: of(baseSource), fix: of(fix) };
    if (!runs.base || !runs.baseSource || !runs.fix) continue;
    const all = { scenario, base: runs.base, baseSource: runs.baseSource, fix: runs.fix };
    const excused = await excuse(execution, all, input, evidence);
    findings.push(...judgeScenario({ ...all, excused }, law.config));
    if (runs.fix.status === 'passed' || runs.fix.status === 'failed') ran.set(scenario.id, runs.fix);
    // Scenarios with one command share its runs.
    if (!commands.has(scenario.command)) evidence.push(...[runs.base, runs.baseSource, runs.fix].map(evidenceOf));
    commands.add(scenario.command);
  }
  return {
    ...judge(findings, evidence),
    executed: { ids: [...ran.keys()], testFiles: testFilesOf([...ran.values()]) },
  };
}

interface AllRuns {
  scenario: RunnableScenario;
  base: CheckRun;
  baseSource: CheckRun;
  fix: CheckRun;
}

/** Names that a retry and the base's own instability excuse. */
async function excuse(
  execution: Execution,
  { scenario, base, baseSource, fix }: AllRuns,
  { law, trees }: ScenariosInput,
  evidence: Evidence[],
): Promise<Set<string>> {
  const excused = new Set<string>();
  const retries = law.config.tests.flaky_retries;
  if (retries === 0 || scenario.kind === 'check') return excused;
  const told = new Set(compareRuns(base, fix).newFailures.map(({ name }) => name));
  const onlyOnSource = compareRuns(base, baseSource).newFailures.some(({ name }) => !told.has(name));
  for (const candidate of onlyOnSource ? [fix, baseSource] : [fix]) {
    const answer = await askForFlaky(execution, { scenario, base, candidate, baseTree: trees.base, retries });
    for (const name of answer.excused) excused.add(name);
    evidence.push(...answer.runs.map(evidenceOf));
  }
  return excused;
}

/** What the law asks for and nothing can execute. */
function notRunnable({ law, touched }: ScenariosInput, { unsupported, unproven }: SortedScenarios): JudgedFinding[] {
  const findings: JudgedFinding[] = [];
  const { tests, guardrails } = law.config;
  const hard = guardrails.require_test_pass ? ('fail' as const) : ('warn' as const);
  if (tests.command.trim() === '')
    findings.push({
      severity: hard,
      code: 'scenarios.no_test_command',
      message: `This repository has no test command, so ${BUILT_IN_SCENARIO} (all of its tests) cannot run.`,
      file: '.self-healing/config.yaml',
      next: 'Nothing can be proven without one; a person says how the tests run.',
      lift: configLine('tests', 'command', usualCommand(touched)),
    });
  for (const { id, call, origin } of unsupported)
    findings.push({
      severity: hard,
      code: 'scenarios.cannot_run',
      message: `Scenario ${id} is executed by \`${call ? 'call' : 'http'}\`, which is not supported yet, so it cannot be checked.`,
      file: origin.path,
      line: origin.line,
      next: 'It needs a test_command, which is for a person to write.',
      lift: entryLine(id, origin, 'proposed', true),
    });
  const silent = unproven.filter(({ files }) => touched.some((file) => matches(files, file)));
  const [first] = silent;
  if (first)
    findings.push({
      severity: 'warn',
      code: 'scenarios.unproven',
      message: `Nothing executes ${silent.map(({ id }) => id).join(', ')}, which describe files of this change: unproven.`,
      file: first.origin.path,
      line: first.origin.line,
      next: 'Nothing to do in this fix; a test_command would prove them.',
    });
  return findings;
}

/** Where nothing says how a project is tested, what most projects of its language do. */
function usualCommand(touched: readonly string[]): string {
  return touched.some((file) => file.endsWith('.py')) ? 'python3 -m pytest' : 'npm test';
}

/** Files named by the runner; for runners that name none, the files that the command names. */
function testFilesOf(runs: readonly CheckRun[]): string[] {
  const files = new Set<string>();
  for (const { cases, command } of runs) {
    const ran = cases.filter(({ status }) => status !== 'skipped');
    for (const { file } of ran) if (file !== undefined) files.add(file);
    if (ran.some(({ file }) => file === undefined))
      for (const word of readShellLine(command).commands.flat())
        if (/^[\w@][^:=]*\.\w+$/.test(word) && !word.startsWith('-')) files.add(word);
  }
  return [...files].toSorted();
}
