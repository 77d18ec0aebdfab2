/** The rows of a `call` or `http` scenario as cases with names of their own, and the run that they make together. Pure. */
import type { Scenario } from '../../context/schemas/scenarios.ts';
import type { TestCase } from '../check-run.ts';
import { countCases, type Judgement } from '../runner/judge.ts';

export interface DirectCase {
  /** Unique within the scenario. */
  name: string;
  input: unknown;
  expected: unknown;
}

/** What one case came to; a failure's first line is its error. */
export type CaseResult = { passed: true } | { passed: false; failure: string };

export function casesOf({ id, name, rows, input, expected }: Scenario): DirectCase[] {
  const title = `${id} ${name}`;
  if (rows === undefined) return [{ name: title, input, expected }];
  const used = new Set<string>();
  return rows.map((row, index) => {
    const own = row.name === undefined || used.has(row.name) ? `row ${index + 1}` : row.name;
    used.add(own);
    return { name: `${title} > ${own}`, input: row.input, expected: row.expected };
  });
}

/** `results` may be fewer than the cases: those after the last one were not reached, and `brokeOff` says why. */
export function judgeCases(
  cases: readonly DirectCase[],
  results: readonly CaseResult[],
  { file, brokeOff }: { file?: string; brokeOff?: string },
): Judgement {
  const judged = results.map((result, index): TestCase => {
    const name = cases[index]?.name ?? '';
    const of = file === undefined ? {} : { file };
    return result.passed
      ? { name, ...of, status: 'passed' }
      : { name, ...of, status: 'failed', failure: result.failure };
  });
  const counts = countCases(judged);
  const message = brokeOff ?? `${cases.length - results.length} cases were not reached.`;
  const reason = results.length < cases.length ? { reason: { code: 'broke_off', message } } : {};
  return { status: counts.failed > 0 ? 'failed' : 'passed', ...reason, counts, cases: judged };
}

export function directError(code: string, message: string, rest: Partial<Judgement> = {}): Judgement {
  return { status: 'error', reason: { code, message }, counts: null, cases: [], ...rest };
}

/** A report for people: which case passed, and what the others say. */
export function reportOf({ cases, reason }: Judgement): string {
  const lines = cases.map(({ name, status, failure = '' }) =>
    status === 'passed' ? `✓ ${name}` : `✗ ${name}\n${failure.replace(/^/gm, '    ')}`,
  );
  return [...lines, ...(reason ? [reason.message] : [])].map((line) => `${line}\n`).join('');
}
