/**
 * tap (node-tap): its raw TAP, written to a file. The innermost tests are the cases; what a test asserts is told with the
 * failure. An assertion outside of any test is a case of its own. Each test file is one subtest of the whole.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventLog, Parser, Result } from 'tap-parser';
import { stringify } from 'yaml';
import { relativeTo } from '../../../events/relative-to.ts';
import { CaseList, type LoadError, type Reporter } from './report.ts';

const reportFile = (folder: string) => join(folder, 'tap.tap');

export const nodeTapReporter: Reporter = {
  async request(folder) {
    return { args: [`--output-file=${reportFile(folder)}`], env: {} };
  },

  async read(source) {
    const text = await readFile(reportFile(source.folder), 'utf8').catch(() => '');
    if (text.trim() === '')
      return { counted: false, code: 'runner_failed', message: 'tap ended without writing its report.' };
    const list = new CaseList();
    const loadErrors: LoadError[] = [];
    const events = Parser.parse(text);
    for (const { inner, result } of testsOf(events)) {
      const name = result?.name ?? '';
      const file = relativeTo(source.checkout, join(source.start, name));
      if (inner === undefined || result === undefined) {
        // An assertion of the whole run: tap itself says that something is wrong.
        if (result) list.add(undefined, [name], statusOf(result), result.ok ? undefined : failureText(result));
        continue;
      }
      const found = collect(inner, [], file, list);
      if (found.cases === 0 && !result.ok && isTestFile(result))
        loadErrors.push({ file, message: errorOf(source.output, file) });
      else if (found.failed === 0 && !counts(result)) list.add(file, ['ended badly'], 'failed', failureText(result));
      else if (found.cases === 0 && result.ok) list.add(file, [], statusOf(result));
    }
    return { counted: true, cases: list.cases, loadErrors, ...brokeOff(events) };
  },
};

interface Test {
  /** Undefined for a plain assertion. */
  inner?: EventLog;
  /** Undefined for a subtest that told no end. */
  result?: Result;
}

/** A subtest is told before the line that sums it up. */
function testsOf(events: EventLog): Test[] {
  const tests: Test[] = [];
  for (const [type, data] of events as [string, unknown][]) {
    if (type === 'child') tests.push({ inner: data as EventLog });
    if (!(type === 'assert' && data instanceof Result)) continue;
    const open = tests.at(-1);
    if (open?.inner !== undefined && open.result === undefined) open.result = data;
    else tests.push({ result: data });
  }
  return tests;
}

interface Found {
  cases: number;
  failed: number;
}

function collect(events: EventLog, titles: string[], file: string, list: CaseList): Found {
  const found: Found = { cases: 0, failed: 0 };
  const add = (own: string[], result: Result | undefined, failure: string) => {
    const status = result === undefined ? 'failed' : statusOf(result);
    found.cases++;
    if (status === 'failed') found.failed++;
    list.add(file, [...titles, ...own], status, status === 'failed' ? failure : undefined);
  };
  for (const { inner, result } of testsOf(events)) {
    const name = result?.name || '(no message)';
    if (inner === undefined) {
      if (result) add([name], result, failureText(result));
      continue;
    }
    const within = testsOf(inner);
    if (!within.some((one) => one.inner !== undefined)) {
      const failures = within.flatMap((one) => (one.result && !counts(one.result) ? [failureText(one.result)] : []));
      add([name], result, failures.join('\n\n') || (result ? failureText(result) : 'It told no end.'));
      continue;
    }
    const inside = collect(inner, [...titles, name], file, list);
    found.cases += inside.cases;
    found.failed += inside.failed;
    // A plan that is not kept, or a time limit: the group failed, and nothing in it.
    if (inside.failed === 0 && (result === undefined || !counts(result)))
      add([name], result, result ? failureText(result) : 'It told no end.');
  }
  return found;
}

/** Not a failure: passed, skipped or still to do. */
function counts(result: Result): boolean {
  return statusOf(result) !== 'failed';
}

function statusOf({ ok, skip, todo }: Result): 'passed' | 'failed' | 'skipped' {
  return skip || todo ? 'skipped' : ok ? 'passed' : 'failed';
}

function isTestFile({ diag }: Result): boolean {
  return typeof diag === 'object' && diag !== null && 'exitCode' in diag;
}

function brokeOff(events: EventLog): { brokeOff?: string } {
  const bailed = (events as [string, unknown][]).find(([type]) => type === 'bailout');
  return bailed === undefined ? {} : { brokeOff: `Bail out! ${String(bailed[1])}` };
}

/** What Node printed on the way out of a file that told no test. */
function errorOf(output: string, file: string): string {
  const found = /^\w*(?:Error|Exception)\b.*(?:\n(?!\s*at ).*){0,5}(?:\n\s+at .*)*/m.exec(output);
  return found?.[0].trim() ?? `${file} ended before any test.`;
}

/** tap tells the type, the message and the stack apart: together they read like an error of Node. */
function failureText({ name, diag }: Result): string {
  if (typeof diag !== 'object' || diag === null) return name;
  const { stack, type, source: _shown, ...rest } = diag as Record<string, unknown>;
  const head = typeof type === 'string' ? `${type}: ${name}` : name;
  const frames =
    typeof stack === 'string'
      ? stack
          .trimEnd()
          .split('\n')
          .map((line) => `    at ${line.trim()}`)
      : [];
  return [head, ...frames, stringify(rest)].join('\n').trimEnd();
}
