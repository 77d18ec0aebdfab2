/**
 * Everything of `init` that has to be tried before it is written: does the test command run and count, which tests are red
 * already, which test files can stand as scenarios of their own, which checks hold.
 */
import { type DetectedCheck, detectChecks } from '../context/detect/checks.ts';
import { filesOfFolder, type ProjectFiles } from '../context/detect/project-files.ts';
import { buildGraph } from '../context/impact/graph.ts';
import { folderSources, type Sources } from '../context/impact/sources.ts';
import { chooseTests } from '../context/init/choose-tests.ts';
import { type DraftInvariant, draftInvariants, lockFileInvariant } from '../context/init/draft-invariants.ts';
import type { TestScenario, TriedCheck } from '../context/init/proposals.ts';
import { scenarioName } from '../context/init/scenario-name.ts';
import type { Law } from '../context/law.ts';
import { matches } from '../context/path-rules.ts';
import type { Repository } from '../context/repository.ts';
import type { CheckRun } from './check-run.ts';
import { adviseOn } from './preflight/advice.ts';
import { type Packages, packagesIn } from './runner/packages.ts';
import { innerCommand } from './runner/single-file.ts';
import { type Trial, withTrial } from './trial.ts';
import type { Counts } from './verification.ts';

export interface InitTrialRequest {
  repository: Repository;
  /** HEAD. */
  base: string;
  /** Of the working copy, with the command that is to be tried. */
  law: Law;
  /** Also look for test files and checks that can be scenarios; false where scenarios are written already. */
  withScenarios: boolean;
  limits?: Partial<Limits>;
  signal?: AbortSignal | undefined;
  onProgress?: ((line: string) => void) | undefined;
}

/** Milliseconds. A person waits for it, and so does a session, whose shell gives a command two minutes. */
export interface Limits {
  /** Everything together. */
  whole: number;
  /** The whole test command, once. */
  command: number;
  /** All test files that are run alone, together. */
  files: number;
  /** One check. */
  check: number;
}

const LIMITS: Limits = { whole: 100_000, command: 60_000, files: 25_000, check: 20_000 };
/** Verifications run each scenario on several trees: more seconds of them would make every fix wait. */
const MOST_SECONDS = 15;

export type Tried =
  | {
      status: 'green' | 'red';
      command: string;
      seconds: number;
      counts: Counts;
      failing: string[];
      instead_of?: string;
    }
  /** Nothing could be proven with it. `advice` is a line of config.yaml, or empty. */
  | { status: 'blocked'; command: string; seconds: number; why: string; advice: string; advice_does: string };

export interface InitTrial {
  tried: Tried;
  scenarios: TestScenario[];
  checks: TriedCheck[];
  invariants: DraftInvariant[];
}

/** Throws what `openCheckout` throws. */
export async function initTrial(request: InitTrialRequest): Promise<InitTrial> {
  const { repository, base, law, withScenarios, signal, onProgress } = request;
  const limits = { ...LIMITS, ...request.limits };
  const { root } = repository;
  const project = await filesOfFolder(root);
  const sources = await folderSources(root);
  const isTest = (path: string) => matches(law.config.tests.paths, path);
  return withTrial(
    { repository, base, config: law.config, wholeMs: limits.whole, signal, onProgress },
    async (trial) => {
      const { run, tried } = await tryCommand(trial, law, { packages: packagesIn(root), project }, limits);
      const green = tried.status === 'blocked' || !withScenarios ? [] : greenFiles(run);
      return {
        tried,
        scenarios: await tryFiles(trial.with(tried.command), green, { sources, law }, limits),
        checks: withScenarios ? await tryChecks(trial, await detectChecks(project), limits) : [],
        invariants: [...draftInvariants(sources, isTest), ...(await tryLockFile(trial, project, limits))],
      };
    },
  );
}

async function tryCommand(
  trial: Trial,
  law: Law,
  { packages, project }: { packages: Packages; project: ProjectFiles },
  limits: Limits,
): Promise<{ run: CheckRun; tried: Tried }> {
  const command = law.config.tests.command.trim();
  const run = await trial.test(command, limits.command);
  const told = tell(run);
  if (told) return { run, tried: told };
  const other = otherCommand(run, command, packages);
  if (other !== null) {
    const second = await trial.test(other, limits.command);
    const better = tell(second);
    if (better) return { run: second, tried: { ...better, instead_of: command } };
  }
  const code = run.reason?.code ?? run.status;
  const late = code === 'timed_out' && limits.command < law.config.tests.timeout;
  const { line, does } = await adviseOn({ code, output: run.output }, law, project);
  return {
    run,
    tried: {
      status: 'blocked',
      command,
      seconds: run.seconds,
      why: late
        ? `It did not end within ${limits.command / 1000} s, so nothing more was tried.`
        : (run.reason?.message ?? 'It could not be run.'),
      advice: late ? '' : line,
      advice_does: late ? '' : does,
    },
  };
}

/** Undefined when nothing was proven: too little ran to be compared case by case. */
function tell({ command, status, counts, cases, seconds }: CheckRun): Extract<Tried, { counts: Counts }> | undefined {
  if (status === 'timed_out' || counts === null || counts.passed + counts.failed === 0) return undefined;
  const failing = cases.filter((one) => one.status === 'failed').map(({ name }) => name);
  if (status === 'error' && counts.passed === 0) return undefined;
  return { status: failing.length === 0 ? 'green' : 'red', command, seconds, counts, failing };
}

const NOT_BUILT = /Failed to resolve entry for package|Cannot find (?:module|package) '[^']*\/(?:dist|build|lib|out)\//;

/** A hook or a linter that is not installed is left out; a package that is not built is built first. */
function otherCommand(run: CheckRun, command: string, packages: Packages): string | null {
  if (run.reason?.code === 'command_not_found') return innerCommand(command, packages);
  if (!NOT_BUILT.test(run.output) || !command.startsWith('npm ')) return null;
  if (packages.scripts('')?.build !== undefined) return `npm run build && ${command}`;
  const builds = packages.workspaces().some(({ folder }) => packages.scripts(folder)?.build !== undefined);
  return builds ? `npm run build --workspaces --if-present && ${command}` : null;
}

/** Files of which every case is green. */
function greenFiles({ cases }: CheckRun): string[] {
  const red = new Set(cases.filter(({ status }) => status === 'failed').map(({ file }) => file));
  const files = new Set(cases.flatMap(({ file, status }) => (file === undefined || status !== 'passed' ? [] : [file])));
  return [...files].filter((file) => !red.has(file)).sort();
}

async function tryFiles(
  trial: Trial,
  files: string[],
  { sources, law }: { sources: Sources; law: Law },
  limits: Limits,
): Promise<TestScenario[]> {
  const found: TestScenario[] = [];
  if (files.length === 0) return found;
  const graph = buildGraph({ ...sources, edges: law.impactMap.edges });
  let left = limits.files;
  let seconds = 0;
  for (const { file, module, files: covers } of chooseTests(files, graph, law.config.tests.paths)) {
    if (left <= 0 || seconds > MOST_SECONDS) break;
    const started = performance.now();
    const alone = await trial.alone(file, left);
    left -= performance.now() - started;
    if (alone === undefined) continue;
    seconds += alone.seconds;
    found.push({ module, file, files: covers, name: scenarioName(file, alone.cases), command: alone.command });
  }
  return found;
}

async function tryChecks(trial: Trial, checks: readonly DetectedCheck[], limits: Limits): Promise<TriedCheck[]> {
  const tried: TriedCheck[] = [];
  for (const check of checks) {
    const { status, reason, exit } = await trial.check(check.command, limits.check);
    const red = reason?.message ?? `It ended with exit code ${exit}.`;
    tried.push(status === 'passed' ? check : { ...check, red });
  }
  return tried;
}

async function tryLockFile(trial: Trial, project: ProjectFiles, limits: Limits): Promise<DraftInvariant[]> {
  const draft = lockFileInvariant(project.paths);
  if (draft === undefined) return [];
  const { status } = await trial.check(draft.command, limits.check);
  return status === 'passed' ? [draft.invariant] : [];
}
