/** What running one command on one tree told: the currency between the runner and the checks that judge. */
import type { Diagnostic } from '../events/diagnostics/diagnostic.ts';
import type { Counts, TreeRole } from './verification.ts';

/** One test case as the project's own runner reported it. `name` holds file and full title: unique within a run. */
export interface TestCase {
  name: string;
  /** Repository-relative file, when the runner says it. */
  file?: string;
  status: 'passed' | 'failed' | 'skipped';
  /** Failure text (message and stack) of a failed case. */
  failure?: string;
}

export type CheckRunStatus =
  /** Ran, counted, nothing failed. */
  | 'passed'
  /** Ran, at least one case failed (or, for `kind: check`, exit code ≠ 0). */
  | 'failed'
  | 'timed_out'
  /** A test file did not load (import, syntax), the runner itself failed, or no test ran: proves nothing. */
  | 'error';

export interface CheckRun {
  command: string;
  /** Git tree id that was checked out while it ran. */
  tree: string;
  at: TreeRole;
  status: CheckRunStatus;
  /**
   * Why the status is `error` (`no_test_ran`, `load_error`, `uncounted`, `command_not_found`, `runner_failed`,
   * `exit_contradicts_counts`, `over_limit`, `aborted`; of calls and requests `bad_scenario`, `not_ready`, `port_in_use`) or
   * `timed_out`, with words; `broke_off` with `failed`: later cases never ran.
   */
  reason?: { code: string; message: string };
  exit: number | null;
  /** Null when cases could not be counted. */
  counts: Counts | null;
  cases: TestCase[];
  diagnostics: Diagnostic[];
  seconds: number;
  /** Head and tail of stdout and stderr as they came, bounded. */
  output: string;
  /** The end of it, redacted and bounded, for evidence. */
  tail: string;
}
