/** What a runner's machine report is turned into, and what every reader of one has to offer. */
import { stripVTControlCharacters } from 'node:util';
import type { TestCase } from '../../check-run.ts';

/** What is added to a command so that its runner writes a report. */
export interface ReportRequest {
  args: string[];
  env: Record<string, string>;
}

export interface ReportSource {
  /** Fresh folder outside of the tree, with a name nobody can guess: where the report was asked for. */
  folder: string;
  /** Real path of the checkout, to make paths relative. */
  checkout: string;
  /** Absolute folder in which the runner starts. */
  start: string;
  /** Words of the command that starts the runner, as far as it could be resolved. */
  words: readonly string[];
  /** What the clock of the file system said right before the start: only newer files are of this run. */
  startedMs: number;
  stdout: string;
  stderr: string;
  /** stdout and stderr as they came. */
  output: string;
  exit: number | null;
}

/** Joins words for NODE_OPTIONS and PYTEST_ADDOPTS, which both read double quotes and backslashes. */
export function joinOptions(words: readonly string[]): string {
  return words.map((word) => (/[\s"\\]/.test(word) ? `"${word.replace(/["\\]/g, '\\$&')}"` : word)).join(' ');
}

export interface LoadError {
  /** Repository-relative test file, when the runner says which. */
  file?: string;
  message: string;
}

export type Report =
  | {
      counted: true;
      cases: TestCase[];
      /** Test files that did not load or did not run: import and syntax errors, failed set-up of a whole file. */
      loadErrors: LoadError[];
      /** Why later cases never ran, when the run broke off. */
      brokeOff?: string;
      /** What it printed for people, where its stdout is the machine report itself. */
      output?: string;
    }
  | { counted: false; code: 'uncounted' | 'load_error' | 'runner_failed' | 'command_not_found'; message: string };

export interface Reporter {
  request(folder: string, words: readonly string[]): Promise<ReportRequest>;
  read(source: ReportSource): Promise<Report>;
}

/** Collects cases under names that are unique within the run: the second of a name gets ` (2)`. */
export class CaseList {
  readonly cases: TestCase[] = [];
  readonly #seen = new Map<string, number>();

  add(file: string | undefined, titles: string[], status: TestCase['status'], failure?: string): void {
    const name = [...(file === undefined ? [] : [file]), ...titles].join(' > ');
    this.addCase({
      name,
      ...(file === undefined ? {} : { file }),
      status,
      ...(failure === undefined ? {} : { failure: bounded(stripVTControlCharacters(failure)) }),
    });
  }

  addCase(one: TestCase): void {
    const count = (this.#seen.get(one.name) ?? 0) + 1;
    this.#seen.set(one.name, count);
    this.cases.push(count === 1 ? one : { ...one, name: `${one.name} (${count})` });
  }
}

const FAILURE_LIMIT = 20_000;

function bounded(text: string): string {
  return text.length <= FAILURE_LIMIT ? text : `${text.slice(0, FAILURE_LIMIT)}\n[… cut …]`;
}
