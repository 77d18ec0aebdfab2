/**
 * What `init` writes is tried first: the project's test command, and then the test files that are to become scenarios,
 * each alone. In the gate's own checkout, on the files as they are on disk, so that the trial means what a verification
 * will mean, and nothing happens to the folder a person works in.
 */
import type { Law } from '../context/law.ts';
import type { Repository } from '../context/repository.ts';
import type { CheckRun } from './check-run.ts';
import { openCheckout } from './checkout.ts';
import { packagesIn } from './runner/packages.ts';
import { runCheck } from './runner/run-command.ts';
import { singleFileCommands } from './runner/single-file.ts';
import { snapshot } from './tree.ts';
import { openWorkspace } from './workspace.ts';

export interface TrialRequest {
  repository: Repository;
  /** A commit that the working copy is compared with: HEAD. */
  base: string;
  config: Pick<Law['config'], 'tests' | 'worktree' | 'intake'>;
  /** For everything that is run, together: what comes later gets what is left. */
  wholeMs: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((line: string) => void) | undefined;
}

export interface Trial {
  /** Runs a command that judges by its exit code: a linter, an invariant. */
  check(command: string, limitMs: number): Promise<CheckRun>;
  /** Runs a line that ends in a test runner. */
  test(command: string, limitMs: number): Promise<CheckRun>;
  /** A command that was seen to run this test file alone, and green; undefined where there is none. */
  alone(file: string, limitMs: number): Promise<TriedFile | undefined>;
  /** The same trial with another command for all tests. */
  with(command: string): Trial;
}

export interface TriedFile {
  command: string;
  /** Names of its cases. */
  cases: string[];
  seconds: number;
}

/** A person waits at the terminal: a verification that runs elsewhere may take longer. */
const WAIT_MS = 30_000;

/** Holds the checkout while `work` tries things in it. Throws what `openCheckout` throws. */
export async function withTrial<T>(request: TrialRequest, work: (trial: Trial) => Promise<T>): Promise<T> {
  const { repository, base, config, signal, onProgress } = request;
  const workspace = await openWorkspace(repository);
  const linked = [...config.worktree.link, `/${config.worktree.root}`];
  const tree = await snapshot({ workspace, folder: repository.root, base, linked, signal });
  const checkout = await openCheckout({
    repository,
    config: config.worktree,
    base,
    waitMs: WAIT_MS,
    signal,
    onWait: (pid) => onProgress?.(`waiting for another verification (process ${pid})`),
  });
  const deadline = performance.now() + request.wholeMs;
  const run = async (command: string, kind: 'test' | 'check', limitMs: number) => {
    await checkout.use(tree);
    onProgress?.(`trying: ${command}`);
    const done = await runCheck({
      checkout,
      tree,
      at: 'base',
      command,
      kind,
      author: 'people',
      timeoutMs: Math.max(1, Math.min(limitMs, config.tests.timeout, deadline - performance.now())),
      env: config.tests.env,
      redactIps: config.intake.redact_ips,
      signal,
    });
    signal?.throwIfAborted();
    return done;
  };
  const alone = async (testCommand: string, file: string, limitMs: number) => {
    for (const command of singleFileCommands(testCommand, file, packagesIn(checkout.path)).slice(0, 2)) {
      const { status, cases, seconds } = await run(command, 'test', limitMs);
      if (status === 'passed' && cases.length > 0 && cases.every((one) => one.file === file))
        return { command, cases: cases.map(({ name }) => name), seconds };
    }
    return undefined;
  };
  const trialOf = (testCommand: string): Trial => ({
    check: (command, limitMs) => run(command, 'check', limitMs),
    test: (command, limitMs) => run(command, 'test', limitMs),
    alone: (file, limitMs) => alone(testCommand, file, limitMs),
    with: trialOf,
  });
  try {
    return await work(trialOf(config.tests.command));
  } finally {
    await checkout.close();
  }
}
