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
import { toWire } from './direct/wire.ts';
import { evidenceOf } from './evidence.ts';
import { type JudgedCheck, type JudgedFinding, judge } from './judged-finding.ts';
import { configLine } from './lift.ts';
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
  /** What was executed on the whole fix: scenario ids, the test files whose cases ran, and the modules called or started directly. */
  executed: { ids: string[]; testFiles: string[]; called: string[] };
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
  const offered: string[] = [];
  const ran = new Map<string, CheckRun>();
  const called = new Set<string>();
  const shown = new Set<string>();
  for (const scenario of runnable) {
    const of = (runs: Map<string, CheckRun>) => runs.get(scenario.id);
    const runs = { base: of(base), baseSource: of(baseSource), fix: of(fix) };
    if (!runs.base || !runs.baseSource || !runs.fix) continue;
    const all = { scenario, base: runs.base, baseSource: runs.baseSource, fix: runs.fix };
    const excused = await excuse(execution, all, input, evidence);
    findings.push(...judgeScenario({ ...all, excused, offered }, law.config));
    if (runs.fix.status === 'passed' || runs.fix.status === 'failed') {
      ran.set(scenario.id, runs.fix);
      if (scenario.way.by === 'call') called.add(scenario.way.module);
      if (scenario.way.by === 'http') for (const file of filesNamedIn(scenario.way.start)) called.add(file);
    }
    // Scenarios with one command share its runs.
    const way = toWire(scenario.way);
    if (!shown.has(way)) evidence.push(...[runs.base, runs.baseSource, runs.fix].map(evidenceOf));
    shown.add(way);
  }
  const ofCommands = runnable.flatMap(({ id, way }) => (way.by === 'command' ? (ran.get(id) ?? []) : []));
  return {
    ...judge(findings, evidence),
    executed: { ids: [...ran.keys()], testFiles: testFilesOf(ofCommands), called: [...called].toSorted() },
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
function notRunnable({ law, touched }: ScenariosInput, { unproven }: SortedScenarios): JudgedFinding[] {
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
  const silent = unproven.filter(({ files }) => touched.some((file) => matches(files, file)));
  const [first] = silent;
  if (first)
    findings.push({
      severity: 'warn',
      code: 'scenarios.unproven',
      message: `Nothing executes ${silent.map(({ id }) => id).join(', ')}, which describe files of this change: unproven.`,
      file: first.origin.path,
      line: first.origin.line,
      next: 'Nothing to do in this fix; a test_command, call or http would prove them.',
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
    if (ran.some(({ file }) => file === undefined)) for (const file of filesNamedIn(command)) files.add(file);
  }
  return [...files].toSorted();
}

function filesNamedIn(command: string): string[] {
  return readShellLine(command)
    .commands.flat()
    .filter((word) => /^[\w@][^:=]*\.\w+$/.test(word) && !word.startsWith('-'));
}
