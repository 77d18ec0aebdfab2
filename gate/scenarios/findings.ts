/** What the runs of one scenario on the base, on B+S and on F mean. Pure. */
import type { Config } from '../../context/schemas/config.ts';
import type { CheckRun, TestCase } from '../check-run.ts';
import { foreignLine } from '../foreign-line.ts';
import type { FindingSeverity, JudgedFinding } from '../judged-finding.ts';
import { configLine, knownFailingLine, offeredBy } from '../lift.ts';
import { type Comparison, compareRuns } from '../regression.ts';
import type { RunnableScenario } from './order.ts';

export interface ScenarioRuns {
  scenario: RunnableScenario;
  base: CheckRun;
  /** On B+S, with the base's own test files. */
  baseSource: CheckRun;
  fix: CheckRun;
  /** Cases that are unstable on the base too. */
  excused: ReadonlySet<string>;
  /** What earlier findings of this verification offer to call known: every line holds all of it, so that the last one does. */
  offered?: string[];
}

export interface FindingRules {
  guardrails: Pick<Config['guardrails'], 'require_test_pass'>;
  tests: Pick<Config['tests'], 'edits' | 'known_failing' | 'timeout'>;
}

export function judgeScenario(runs: ScenarioRuns, rules: FindingRules): JudgedFinding[] {
  const onFix = compareRuns(runs.base, runs.fix);
  const onSource = withoutRepeated(compareRuns(runs.base, runs.baseSource), onFix);
  return [
    ...notCompared(runs, onFix),
    ...judgeTree(runs, onFix, rules, 'with the fix'),
    ...judgeTree(runs, onSource, rules, "with the fix's source and the base's own tests"),
  ];
}

/** A base that cannot be counted (it may be what the fix repairs) leaves nothing to compare with. */
function notCompared({ scenario, base }: ScenarioRuns, onFix: Comparison): JudgedFinding[] {
  const unknown = base.status === 'timed_out' || (base.status === 'error' && base.reason?.code !== 'load_error');
  if (!unknown || onFix.blocked !== null) return [];
  return [
    {
      severity: 'warn',
      code: 'scenarios.not_compared',
      message:
        `Scenario ${scenario.id} (${scenario.command}) proves nothing on the base, so its cases could not be compared. ${base.reason?.message ?? ''}`.trim(),
      next: 'Nothing to do in this fix; a person looks at the tests that it adds or changes.',
    },
  ];
}

/** What is wrong on F is told once; on B+S only what is wrong there alone. */
function withoutRepeated(source: Comparison, fix: Comparison): Comparison {
  const told = new Set(fix.newFailures.map(({ name }) => name));
  const not = (names: string[]) => (name: string) => !names.includes(name);
  return {
    newFailures: source.newFailures.filter(({ name }) => !told.has(name)),
    alreadyFailing: source.alreadyFailing.filter(not(fix.alreadyFailing)),
    removed: source.removed.filter(not(fix.removed)),
    skipped: source.skipped.filter(not(fix.skipped)),
    notReached: source.notReached.filter(not(fix.notReached)),
    blocked: fix.blocked ? null : source.blocked,
  };
}

function judgeTree(
  { scenario, base, fix, excused, offered = [] }: ScenarioRuns,
  found: Comparison,
  { guardrails, tests }: FindingRules,
  where: string,
): JudgedFinding[] {
  const known = (name: string) => tests.known_failing.includes(name) || tests.known_failing.includes(scenario.id);
  const subject = `Scenario ${scenario.id} (${scenario.command})`;
  const hard: FindingSeverity = guardrails.require_test_pass ? 'fail' : 'warn';
  const tampering: FindingSeverity = tests.edits === 'ask' ? 'ask' : 'refuse';
  const findings: JudgedFinding[] = [];
  const offer = (names?: readonly string[]) => {
    const line = knownFailingLine([...tests.known_failing, ...offered], scenario.id, names);
    offered.push(...offeredBy(scenario.id, names));
    return line;
  };
  type Rest = Pick<JudgedFinding, 'file' | 'lift'>;
  const add = (severity: FindingSeverity, code: string, message: string, next: string, rest: Rest = {}) =>
    findings.push({ severity, code, message, next, ...given(rest) });
  const asked = tampering === 'refuse' ? configLine('tests', 'edits', 'ask') : undefined;

  if (found.blocked !== null && !(known(scenario.id) && base.reason?.code === found.blocked.code)) {
    const onBase = base.reason?.code === found.blocked.code ? ' It is the same on the base.' : '';
    const code = found.blocked.code === 'timed_out' ? 'scenarios.timed_out' : 'scenarios.cannot_run';
    add(
      hard,
      code,
      `${subject} proves nothing ${where}. ${found.blocked.message}${onBase}`,
      nextFor(found.blocked.code),
      { lift: liftOfBlocked(scenario, found.blocked.code, tests) ?? (onBase === '' ? undefined : offer()) },
    );
  }
  const failures = found.newFailures.filter(({ name }) => !excused.has(name));
  if (failures.length > 0)
    add(
      hard,
      'scenarios.failed',
      `${subject}: ${count(failures.length)} red ${where} and not, or not in the same way, on the base: ${list(failures.map(({ name }) => name))}. ${firstFailure(failures)}`,
      'Correct the source change so that these cases pass again; do not change the cases.',
      { file: failures[0]?.file },
    );
  const flaky = found.newFailures.filter(({ name }) => excused.has(name));
  if (flaky.length > 0)
    add(
      'warn',
      'scenarios.flaky',
      `${subject}: ${count(flaky.length)} unstable, on the base too: ${list(flaky.map(({ name }) => name))}.`,
      'Nothing to do in this fix.',
    );
  if (found.removed.length > 0)
    add(
      tampering,
      'tampering.case_removed',
      `${subject}: ${count(found.removed.length, 'of the base')} missing ${where}: ${list(found.removed)}.`,
      'Bring every case of the base back under its own name; new cases are added beside them.',
      { file: fileOf(base, found.removed[0]), lift: asked },
    );
  if (found.skipped.length > 0)
    add(
      tampering,
      'tampering.case_skipped',
      `${subject}: ${count(found.skipped.length, 'that ran on the base')} skipped ${where}: ${list(found.skipped)}.`,
      'Let these cases run as on the base.',
      { file: fileOf(base, found.skipped[0]), lift: asked },
    );
  if (found.notReached.length > 0)
    add(
      hard,
      'scenarios.not_reached',
      `${subject}: ${count(found.notReached.length, 'of the base')} not reached ${where}: ${list(found.notReached)}. ${fix.reason?.message ?? ''}`.trim(),
      'Make the test files load and the run reach its end.',
      { file: fileOf(base, found.notReached[0]) },
    );
  const failing = found.alreadyFailing.filter((name) => !known(name));
  if (failing.length > 0)
    add(
      'warn',
      'scenarios.already_failing',
      `${subject}: ${count(failing.length)} red in the same way on the base: ${list(failing)}.`,
      'Nothing to do in this fix: they are compared case by case, and one more would be told.',
      { lift: offer(failing) },
    );
  return findings;
}

function given({ file, lift }: Pick<JudgedFinding, 'file' | 'lift'>): Pick<JudgedFinding, 'file' | 'lift'> {
  return { ...(file === undefined ? {} : { file }), ...(lift === undefined ? {} : { lift }) };
}

/** More time where all have the same. */
function liftOfBlocked(
  { timeoutMs }: RunnableScenario,
  code: string,
  tests: FindingRules['tests'],
): string | undefined {
  if (code === 'timed_out' && timeoutMs === tests.timeout)
    return configLine('tests', 'timeout', `${Math.ceil((2 * timeoutMs) / 1000)}s`);
  return undefined;
}

/** What to do about a run that proves nothing, by its reason. */
export function nextFor(code: string): string {
  switch (code) {
    case 'command_not_found':
      return 'It has to work in a clean checkout: its program installed, or installed there by worktree.setup, which is for a person to say.';
    case 'no_test_ran':
      return 'Check the path and the name filter of the command: it selects no test.';
    case 'load_error':
      return 'Read the tail in the evidence and correct the import or the syntax.';
    case 'timed_out':
      return 'Make it finish in time.';
    case 'uncounted':
      return 'It needs a command whose cases can be counted (docs/runners.md lists which), one runner per command, or `kind: check`; both are for a person to say.';
    case 'exit_contradicts_counts':
      return 'Read the tail in the evidence: something outside of the cases failed, such as an unhandled error or a coverage limit.';
    case 'bad_scenario':
      return 'Correct input and expected of the scenario (docs/scenarios.md says what they mean); one of the base is for a person to correct.';
    case 'not_ready':
      return 'Read the tail in the evidence: the service has to start in a clean checkout and answer its ready URL.';
    case 'port_in_use':
      return 'Nothing to do in this fix; a person frees the port, or lets the scenario take any.';
    default:
      return 'Run the command in a clean checkout and read its output.';
  }
}

const LISTED = 8;

function list(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).map((name) => JSON.stringify(foreignLine(name)));
  return shown.join(', ') + (names.length > LISTED ? ` and ${names.length - LISTED} more` : '');
}

/** The subject of a sentence: so many cases, those of `which`, are. */
function count(cases: number, which = ''): string {
  const those = which === '' ? '' : ` ${which}`;
  return cases === 1 ? `1 case${those} is` : `${cases} cases${those} are`;
}

function firstFailure([first]: readonly TestCase[]): string {
  const lines = (first?.failure ?? '').trim().split('\n');
  const line = lines[0]?.startsWith('Traceback') ? lines.at(-1) : lines[0];
  return line ? `The first says: ${foreignLine(line, 300)}` : '';
}

function fileOf(run: CheckRun, name: string | undefined): string | undefined {
  return run.cases.find((one) => one.name === name)?.file;
}
