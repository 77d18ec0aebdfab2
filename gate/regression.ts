/**
 * Compares a run on a tree of the fix with the same command's run on the base, case by case (law 4). Pure. Red in the same
 * way on both is nobody's fault here; one case more that is red, gone or skipped is the fix's.
 */

import type { Diagnostic } from '../events/diagnostics/diagnostic.ts';
import { maskText } from '../events/mask.ts';
import type { CheckRun, TestCase } from './check-run.ts';

export interface Comparison {
  /** Red on the candidate, and not red in the same way on the base. */
  newFailures: TestCase[];
  /** Red in the same way on both. */
  alreadyFailing: string[];
  /** Ran on the base, and there is no such case any more. */
  removed: string[];
  /** Ran on the base, skipped now. */
  skipped: string[];
  /** Ran on the base; now its file did not load, or the run ended before it. */
  notReached: string[];
  /** The candidate's run proves nothing, and why. */
  blocked: { code: string; message: string } | null;
}

const NOTHING: Comparison = {
  newFailures: [],
  alreadyFailing: [],
  removed: [],
  skipped: [],
  notReached: [],
  blocked: null,
};

export function compareRuns(base: CheckRun, candidate: CheckRun): Comparison {
  if (candidate.status === 'timed_out' || (candidate.status === 'error' && !isComparable(candidate)))
    return { ...NOTHING, blocked: candidate.reason ?? { code: candidate.status, message: 'It could not be run.' } };
  if (candidate.counts === null) return compareChecks(base, candidate);
  const cases = compareCases(base, candidate);
  const code = candidate.status === 'error' ? candidate.reason?.code : undefined;
  const sameOnBase = base.reason?.code === code && base.exit === candidate.exit;
  const unexplained = code === 'no_test_ran' || (code === 'exit_contradicts_counts' && !sameOnBase);
  return unexplained ? { ...cases, blocked: candidate.reason ?? null } : cases;
}

/** Errors that still tell something case by case. */
function isComparable(run: CheckRun): boolean {
  const code = run.reason?.code;
  return run.counts !== null && (code === 'load_error' || code === 'no_test_ran' || code === 'exit_contradicts_counts');
}

function compareCases(base: CheckRun, candidate: CheckRun): Comparison {
  const before = new Map(base.cases.map((one) => [one.name, one]));
  const after = pairRenamed(before, new Map(candidate.cases.map((one) => [one.name, one])));
  const result: Comparison = {
    ...NOTHING,
    newFailures: [],
    alreadyFailing: [],
    removed: [],
    skipped: [],
    notReached: [],
  };
  for (const [name, one] of after) {
    if (one.status !== 'failed') continue;
    const known = before.get(name);
    if (known?.status === 'failed' && sameFailure(known, one)) result.alreadyFailing.push(name);
    else result.newFailures.push(one);
  }
  const unloaded = new Set(candidate.cases.filter(({ status }) => status === 'failed').map(({ name }) => name));
  for (const [name, known] of before) {
    if (known.status === 'skipped') continue;
    const now = after.get(name);
    if (now?.status === 'skipped') result.skipped.push(name);
    else if (now === undefined && !isLoadProblem(known, base)) {
      const broken = candidate.reason?.code === 'broke_off' || (known.file !== undefined && unloaded.has(known.file));
      (broken ? result.notReached : result.removed).push(name);
    }
  }
  return result;
}

/** A file that did not load on the base stands there as one failed case; its real cases take its place once it loads. */
function isLoadProblem(known: TestCase, base: CheckRun): boolean {
  return (
    base.reason?.code === 'load_error' && known.status === 'failed' && (known.file ?? 'a test file') === known.name
  );
}

/** Titles may hold a port or a time: a case that is gone and one that is new are one, when they are equal once masked. */
function pairRenamed(before: Map<string, TestCase>, after: Map<string, TestCase>): Map<string, TestCase> {
  const gone = new Map<string, string[]>();
  for (const name of before.keys())
    if (!after.has(name)) gone.set(maskText(name), [...(gone.get(maskText(name)) ?? []), name]);
  if (gone.size === 0) return after;
  const paired = new Map<string, TestCase>();
  for (const [name, one] of after) {
    const old = before.has(name) ? undefined : gone.get(maskText(name))?.shift();
    paired.set(old ?? name, one);
  }
  return paired;
}

function sameFailure(a: TestCase, b: TestCase): boolean {
  return headOf(a) === headOf(b);
}

/** What a failure says, masked: the first line, for a Python traceback the exception after its frames. */
function headOf({ failure = '' }: TestCase): string {
  const lines = failure
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('> '));
  const line = lines[0]?.startsWith('Traceback') ? lines.at(-1) : lines[0];
  return maskText(line ?? '').trim();
}

/** Checks have no cases: their diagnostics are compared, wherever in the file they stand. */
function compareChecks(base: CheckRun, candidate: CheckRun): Comparison {
  if (candidate.status === 'passed') return NOTHING;
  const known = new Set(base.status === 'failed' ? base.diagnostics.map(keyOf) : []);
  const added = candidate.diagnostics.filter((found) => !known.has(keyOf(found)));
  if (base.status === 'failed' && added.length === 0) return { ...NOTHING, alreadyFailing: [candidate.command] };
  const told = added.length > 0 ? added.map(diagnosticText) : [`exit code ${candidate.exit}`];
  return { ...NOTHING, newFailures: told.map((text) => ({ name: text, status: 'failed', failure: candidate.tail })) };
}

function keyOf({ file, code, message }: Diagnostic): string {
  return `${file} ${code ?? ''} ${maskText(message)}`;
}

function diagnosticText({ file, line, code, message }: Diagnostic): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${code === undefined ? '' : `${code} `}${message}`;
}
