import { describe, expect, it } from 'vitest';
import type { CheckRun, TestCase } from '../../gate/check-run.ts';
import { compareRuns } from '../../gate/regression.ts';

type Short = Record<string, 'passed' | 'skipped' | `failed: ${string}`>;

function run(cases: Short, extra: Partial<CheckRun> = {}): CheckRun {
  const list = Object.entries(cases).map(([name, text]): TestCase => {
    const status = text.split(':', 1)[0] as TestCase['status'];
    const file = name.split(' > ', 1)[0] ?? name;
    return { name, file, status, ...(status === 'failed' ? { failure: text.slice(8) } : {}) };
  });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status } of list) counts[status]++;
  return {
    command: 'npm test',
    tree: 't',
    at: 'fix',
    status: counts.failed > 0 ? 'failed' : 'passed',
    exit: counts.failed > 0 ? 1 : 0,
    counts,
    cases: list,
    diagnostics: [],
    seconds: 1,
    output: '',
    tail: '',
    ...extra,
  };
}
const empty = { newFailures: [], alreadyFailing: [], removed: [], skipped: [], notReached: [], blocked: null };
const names = (found: { name: string }[]) => found.map(({ name }) => name);

describe('compareRuns', () => {
  it('finds nothing when every case of the base passes, and new ones do too', () => {
    const base = run({ 'a > 1': 'passed', 'a > 2': 'failed: TypeError: x', 'a > 3': 'skipped' });
    expect(compareRuns(base, run({ 'a > 1': 'passed', 'a > 2': 'passed', 'b > new': 'passed' }))).toEqual(empty);
  });

  it('tells a new failure from one that is red in the same way on the base', () => {
    const base = run({
      'a > same': 'failed: Error: port 5432 refused',
      'a > other': 'failed: Error: refused',
      'a > ok': 'passed',
    });
    const fix = run({
      'a > same': 'failed: Error: port 5433 refused',
      'a > other': 'failed: TypeError: null',
      'a > ok': 'failed: Error: x',
      'b > new': 'failed: Error: y',
    });
    const found = compareRuns(base, fix);
    expect(found.alreadyFailing).toEqual(['a > same']);
    expect(names(found.newFailures)).toEqual(['a > other', 'a > ok', 'b > new']);
  });

  it('compares Python failures by their exception, not by "Traceback"', () => {
    const trace = (error: string) =>
      `Traceback (most recent call last):\n  File "a.py", line 1, in x\n${error}` as const;
    const base = run({ a: `failed: ${trace('KeyError: 1')}` });
    expect(names(compareRuns(base, run({ a: `failed: ${trace('ValueError: 1')}` })).newFailures)).toEqual(['a']);
    expect(compareRuns(base, run({ a: `failed: ${trace('KeyError: 2')}` })).alreadyFailing).toEqual(['a']);
  });

  it('finds cases that are gone or skipped, also the second of a name', () => {
    const base = run({
      'a > 1': 'passed',
      'a > 1 (2)': 'passed',
      'a > 2': 'passed',
      'a > red': 'failed: x',
      'a > off': 'skipped',
    });
    const found = compareRuns(base, run({ 'a > 1': 'passed', 'a > 2': 'skipped' }));
    expect(found).toMatchObject({ removed: ['a > 1 (2)', 'a > red'], skipped: ['a > 2'] });
  });

  it('does not take a title with another port or id for a removed case, but a renamed one', () => {
    const base = run({ 'a > listens on 127.0.0.1:40111': 'passed', 'a > locks': 'passed' });
    const fix = run({ 'a > listens on 127.0.0.1:40222': 'passed', 'a > unlocks': 'passed' });
    expect(compareRuns(base, fix)).toEqual({ ...empty, removed: ['a > locks'] });
  });

  it('says "not reached", not "removed", when a file did not load or the run broke off', () => {
    const base = run({ 'a > 1': 'passed', 'b > 1': 'passed' });
    const unloaded = run(
      { a: 'failed: SyntaxError', 'b > 1': 'passed' },
      { status: 'error', reason: { code: 'load_error', message: 'm' } },
    );
    expect(compareRuns(base, unloaded)).toMatchObject({ notReached: ['a > 1'], removed: [], blocked: null });
    expect(names(compareRuns(base, unloaded).newFailures)).toEqual(['a']);
    const broken = run({ 'a > 1': 'failed: x' }, { reason: { code: 'broke_off', message: 'm' } });
    expect(compareRuns(base, broken)).toMatchObject({ notReached: ['b > 1'], removed: [] });
  });

  it('takes a file that did not load on the base either for already failing, and loading again for nothing', () => {
    const broken = { status: 'error' as const, reason: { code: 'load_error', message: 'm' } };
    const base = run({ a: 'failed: SyntaxError: x', 'b > 1': 'passed' }, broken);
    expect(compareRuns(base, run({ a: 'failed: SyntaxError: x', 'b > 1': 'passed' }, broken))).toEqual({
      ...empty,
      alreadyFailing: ['a'],
    });
    expect(compareRuns(base, run({ 'a > 1': 'passed', 'b > 1': 'passed' }))).toEqual(empty);
  });

  it('blocks on a run that proves nothing, whatever the base says', () => {
    for (const code of ['uncounted', 'command_not_found', 'runner_failed']) {
      const error = run({}, { status: 'error', counts: null, reason: { code, message: 'm' } });
      expect(compareRuns(error, error).blocked).toEqual({ code, message: 'm' });
    }
    const slow = run({}, { status: 'timed_out', counts: null, reason: { code: 'timed_out', message: 'm' } });
    expect(compareRuns(run({ a: 'passed' }), slow).blocked).toMatchObject({ code: 'timed_out' });
  });

  it('sees all cases gone behind "no test ran"', () => {
    const none = run({}, { status: 'error', reason: { code: 'no_test_ran', message: 'm' } });
    expect(compareRuns(run({ 'a > 1': 'passed' }), none)).toMatchObject({
      removed: ['a > 1'],
      blocked: { code: 'no_test_ran' },
    });
    expect(compareRuns(none, none).blocked).toMatchObject({ code: 'no_test_ran' });
  });

  it('blocks when the exit code contradicts the counts, unless it does so on the base', () => {
    const odd = run(
      { a: 'passed' },
      { status: 'error', exit: 1, reason: { code: 'exit_contradicts_counts', message: 'm' } },
    );
    expect(compareRuns(run({ a: 'passed' }), odd).blocked).toMatchObject({ code: 'exit_contradicts_counts' });
    expect(compareRuns(odd, odd)).toEqual(empty);
  });

  it('compares checks by their diagnostics, wherever these stand', () => {
    const check = (...messages: string[]) =>
      run(
        {},
        {
          counts: null,
          status: messages.length > 0 ? 'failed' : 'passed',
          exit: messages.length > 0 ? 1 : 0,
          diagnostics: messages.map((message, line) => ({ file: 'a.ts', line, code: 'E1', message })),
        },
      );
    expect(compareRuns(check('x'), check())).toEqual(empty);
    expect(compareRuns(check('y', 'x'), check('x')).alreadyFailing).toEqual(['npm test']);
    expect(names(compareRuns(check('x'), check('x', 'z')).newFailures)).toEqual(['a.ts:1: E1 z']);
    expect(names(compareRuns(check(), check('z')).newFailures)).toEqual(['a.ts:0: E1 z']);
  });
});
