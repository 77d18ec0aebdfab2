/**
 * The proof of one reproduction: three runs each on B+T, on F and on B+T again, always in the same folder and without
 * retries; then one with a diagnosed file made unloadable.
 */
import type { Law } from '../../context/law.ts';
import type { FailureType } from '../../context/schemas/config.ts';
import type { Scenario } from '../../context/schemas/scenarios.ts';
import type { ErrorEvent } from '../../events/event.ts';
import { isAllowedAddition } from '../agent-scenario.ts';
import type { Classify } from '../change-kind.ts';
import type { Change } from '../changes.ts';
import type { CheckRun } from '../check-run.ts';
import type { Checkout } from '../checkout.ts';
import type { Trees } from '../compose.ts';
import { brokenCommand, evidenceOf, releaseCommand } from '../evidence.ts';
import { foreignLine } from '../foreign-line.ts';
import type { JudgedFinding } from '../judged-finding.ts';
import { runWay } from '../scenarios/run-way.ts';
import { nameOfWay, type Way, wayOf } from '../scenarios/way.ts';
import type { Evidence, TreeRole } from '../verification.ts';
import { redForDiagnostic } from './diagnostic.ts';
import { judgeRelease, type ReleaseTree, releaseNotRun } from './on-release.ts';
import { type ReasonContext, redForReason } from './reason.ts';
import { judgeBase, judgeFix, judgeRevert, type StageSubject, treeNotSeen } from './stages.ts';

export interface ReproductionInput {
  /** `INC-…` */
  incident: string;
  event: ErrorEvent;
  diagnosis: { affected_files: readonly string[]; failure_type: FailureType };
  law: Pick<Law, 'config' | 'scenarios'>;
  /** Scenarios that the fix adds. */
  added: readonly Scenario[];
  changes: readonly Change[];
  classify: Classify;
  checkout: Pick<Checkout, 'path' | 'use' | 'breakFile'>;
  trees: Trees;
  /** What else is known of how it could be run. */
  others?: readonly JudgedFinding[] | undefined;
  /** Where the reproduction is tried too: tells whether the base is fixed already. */
  release?: ReleaseTree | undefined;
  signal?: AbortSignal | undefined;
  /** Told before every run, for progress. */
  onRun?: ((command: string, at: TreeRole) => void) | undefined;
}

export interface Candidate {
  scenario: Scenario;
  author: 'people' | 'agent';
}

/** "Each is run 3 times, without retries" (law 2). */
const RUNS = 3;
/** Classes whose failed CI step is the reproduction: no new test is owed. */
export const STEP_FAILURES: ReadonlySet<FailureType> = new Set([
  'lint_error',
  'type_error',
  'build_error',
  'dependency_issue',
]);

/** The proof of one scenario. */
export class Attempt {
  readonly evidence: Evidence[] = [];
  readonly #input: ReproductionInput;
  readonly #scenario: Scenario;
  readonly #way: Way | undefined;
  readonly #author: 'people' | 'agent';
  readonly #subject: StageSubject;
  readonly #context: ReasonContext;

  constructor(input: ReproductionInput, found: Candidate, checkout: string) {
    this.#input = input;
    this.#scenario = found.scenario;
    this.#way = wayOf(found.scenario);
    this.#author = found.author;
    const { changes, classify } = input;
    this.#context = {
      checkout,
      event: input.event,
      affectedFiles: input.diagnosis.affected_files,
      isTest: (path) => classify(path) === 'test' || classify(path) === 'support',
      testsOfFix: new Set(changes.filter(({ kind }) => kind === 'test' || kind === 'support').map(({ path }) => path)),
    };
    this.#subject = {
      name: `Scenario ${found.scenario.id} (${this.#way ? nameOfWay(this.#way) : 'no command'})`,
      reasonOf: (run) =>
        found.scenario.kind === 'check' ? redForDiagnostic(run, this.#context) : redForReason(run, this.#context),
    };
  }

  async prove(): Promise<JudgedFinding[]> {
    const { trees, checkout } = this.#input;
    await checkout.use(trees.baseTests);
    const refused = this.#refuse();
    if (refused) return [refused];

    const base = judgeBase(await this.#runs(trees.baseTests, 'base_tests', RUNS), this.#subject);
    if (!base.ok) {
      // Not proven, but one round should tell the agent whether its fix at least passes.
      const fix = judgeFix(await this.#runs(trees.fix, 'fix', 1), this.#subject, null);
      const rest = fix.ok ? [] : [fix.finding];
      if (base.finding.code !== 'reproduction.green_on_base') return [base.finding, ...rest];
      const told = await this.#onRelease('green', RUNS);
      if (told?.severity === 'fail') return [told, ...rest];
      return [base.finding, ...rest, ...(told ? [told] : [])];
    }
    const fix = judgeFix(await this.#runs(trees.fix, 'fix', RUNS), this.#subject, base.value);
    if (!fix.ok) return [fix.finding];
    const revert = judgeRevert(await this.#runs(trees.baseTests, 'revert', RUNS), this.#subject);
    if (!revert.ok) return [revert.finding];
    const unseen = await this.#proveTreeIsSeen(base.value.file, base.value.weak);
    if (unseen) return [unseen];
    const told = await this.#onRelease('red', 1);
    return [...(base.value.weak ? [weak(this.#subject.name, base.value.how)] : []), ...(told ? [told] : [])];
  }

  /** The release that production runs, with the fix's tests. What cannot be run there is a warning. */
  async #onRelease(base: 'red' | 'green', times: number): Promise<JudgedFinding | null> {
    const { release, signal } = this.#input;
    if (!release) return null;
    if ('why' in release) return releaseNotRun(release.name, release.why, this.#subject.name);
    const runs: CheckRun[] = [];
    for (let time = 0; time < times; time++) {
      try {
        await this.#input.checkout.use(release.tree);
      } catch (error) {
        signal?.throwIfAborted();
        return releaseNotRun(
          release.name,
          `It cannot be checked out: ${foreignLine(String(error))}`,
          this.#subject.name,
        );
      }
      runs.push(await this.#run(release.tree, 'base_tests', (command) => releaseCommand(command, release.name)));
    }
    return judgeRelease(runs, base, release.name, this.#subject);
  }

  #refuse(): JudgedFinding | null {
    const { id, kind, origin } = this.#scenario;
    const way = this.#way;
    const finding = (code: string, message: string, next: string): JudgedFinding => ({
      severity: 'fail',
      code: `reproduction.${code}`,
      message,
      file: origin.path,
      line: origin.line,
      next,
    });
    if (way === undefined)
      return finding(
        'missing',
        `Scenario ${id} has no way to run.`,
        'Write a test and give the scenario a test_command that runs it, or a call with input and expected.',
      );
    if (kind === 'check' && !STEP_FAILURES.has(this.#input.diagnosis.failure_type))
      return finding(
        'command_not_allowed',
        `Scenario ${id} is a \`kind: check\`, which can only reproduce a lint, type, build or dependency failure.`,
        'Reproduce the incident by a test: leave out `kind`, and let test_command run that test.',
      );
    if (this.#author === 'people') return null;
    const { config } = this.#input.law;
    const allowed = isAllowedAddition(way, this.#input.law, this.#context.checkout);
    if (allowed.ok) return null;
    return finding(
      'command_not_allowed',
      `Scenario ${id} may not run ${JSON.stringify(nameOfWay(way))}. ${allowed.why}`,
      `Use a plain command that runs one test file, beginning as ${config.tests.command ? `\`${config.tests.command}\`` : 'a known test runner'} does.`,
    );
  }

  async #runs(tree: string, at: TreeRole, times: number): Promise<CheckRun[]> {
    const runs: CheckRun[] = [];
    for (let time = 0; time < times; time++) {
      await this.#input.checkout.use(tree); // also removes what the run before left in the folder
      runs.push(await this.#run(tree, at));
    }
    return runs;
  }

  /** `told`: how the command is told of in the evidence. */
  async #run(tree: string, at: TreeRole, told?: (command: string) => string): Promise<CheckRun> {
    const { checkout, law, signal, onRun } = this.#input;
    const { kind, timeout } = this.#scenario;
    const way = this.#way;
    if (way === undefined) throw new Error('A scenario without a way to run was not refused');
    const command = nameOfWay(way);
    onRun?.(command, at);
    const run = await runWay({
      checkout,
      tree,
      at,
      way,
      kind: way.by === 'command' ? kind : 'test',
      author: this.#author,
      timeoutMs: timeout ?? law.config.tests.timeout,
      env: law.config.tests.env,
      redactIps: law.config.intake.redact_ips,
      signal,
    });
    signal?.throwIfAborted();
    this.evidence.push(evidenceOf(told === undefined ? run : { ...run, command: told(command) }));
    return run;
  }

  /** The diagnosed source; without a diagnosis what the fix changed. A broken test file would prove nothing. */
  #breakable(): string[] {
    const { changes, diagnosis } = this.#input;
    const diagnosed = diagnosis.affected_files.filter((path) => !this.#context.isTest(path));
    return diagnosed.length > 0 ? diagnosed : changes.filter(({ kind }) => kind === 'source').map(({ path }) => path);
  }

  /** Breaks diagnosed files one after the other until the reproduction notices. */
  async #proveTreeIsSeen(thrower: string | undefined, isWeak: boolean): Promise<JudgedFinding | null> {
    const { checkout, trees } = this.#input;
    const diagnosed = this.#breakable();
    const candidates = thrower !== undefined && diagnosed.includes(thrower) ? [thrower, ...diagnosed] : diagnosed;
    const tried: string[] = [];
    for (const path of new Set(candidates)) {
      await checkout.use(trees.fix);
      if (!(await checkout.breakFile(path))) continue;
      tried.push(path);
      const run = await this.#run(trees.fix, 'fix', (command) => brokenCommand(command, path));
      // The gate's own clock ended it: neither red nor green.
      if (run.status === 'passed' || run.status === 'timed_out') continue;
      const still = path === thrower ? this.#subject.reasonOf(run) : null;
      return still?.ok && !still.weak && !isWeak && this.#scenario.kind === 'test'
        ? madeUp(this.#subject.name, path)
        : null;
    }
    if (tried.length === 0)
      return treeNotSeen(
        `None of the diagnosed files (${diagnosed.join(', ')}) is in the tree of the fix, so nothing shows that ${this.#subject.name} runs it.`,
        [],
      );
    const loaded = thrower === undefined || tried.includes(thrower) ? '' : ` The error was thrown in ${thrower}.`;
    return treeNotSeen(
      `${this.#subject.name} is not red although ${tried.join(' and ')} was made impossible to load: it does not run the diagnosed source.${loaded}`,
      tried,
    );
  }
}

function weak(name: string, how: string): JudgedFinding {
  return {
    severity: 'ask',
    code: 'reproduction.weak',
    message: `${name} is weak evidence. ${how}`,
    next: "Let the incident's own error reach the test runner if it has one; otherwise a person decides at publishing.",
  };
}

function madeUp(name: string, path: string): JudgedFinding {
  return {
    severity: 'fail',
    code: 'reproduction.red_for_other_reason',
    message: `${name} shows the incident's error even with ${path} impossible to load, so the test makes the error up.`,
    next: 'Let the test call the diagnosed code and let that code throw.',
  };
}
