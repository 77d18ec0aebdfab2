import { describe, expect, it } from 'vitest';
import type { CheckRun, TestCase } from '../../../gate/check-run.ts';
import { judgeScenario, type ScenarioRuns } from '../../../gate/scenarios/findings.ts';

function run(cases: Record<string, TestCase['status']>, extra: Partial<CheckRun> = {}): CheckRun {
  const list = Object.entries(cases).map(([name, status]): TestCase => ({ name, status, failure: `Error: ${name}` }));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status } of list) counts[status]++;
  const status = counts.failed > 0 ? 'failed' : 'passed';
  return {
    command: 'npm test',
    tree: 't',
    at: 'fix',
    status,
    exit: 0,
    counts,
    cases: list,
    diagnostics: [],
    seconds: 1,
    output: '',
    tail: '',
    ...extra,
  };
}
const nothing = (code: string) => run({}, { status: 'error', counts: null, exit: 1, reason: { code, message: 'why' } });
const scenario = {
  id: 'S001',
  command: 'npm test',
  way: { by: 'command' as const, command: 'npm test' },
  kind: 'test' as const,
  timeoutMs: 1,
  author: 'people' as const,
};

function judged(runs: Partial<ScenarioRuns>, known: string[] = [], require = true) {
  return findings(runs, known, require).map(({ severity, code }) => `${severity} ${code}`);
}

function findings(runs: Partial<ScenarioRuns>, known: string[] = [], require = true) {
  const green = run({ a: 'passed', b: 'passed' });
  const all = { scenario, base: green, baseSource: green, fix: green, excused: new Set<string>(), ...runs };
  const rules = {
    guardrails: { require_test_pass: require },
    tests: { edits: 'refuse' as const, known_failing: known, timeout: 300_000 },
  };
  return judgeScenario(all, rules);
}

describe('judgeScenario', () => {
  it('tells what is wrong on both trees once, and what is wrong on one of them', () => {
    const red = run({ a: 'failed', b: 'passed' });
    expect(judged({ fix: red, baseSource: red })).toEqual(['fail scenarios.failed']);
    expect(judged({ fix: red, baseSource: run({ a: 'passed', b: 'failed' }) })).toEqual([
      'fail scenarios.failed',
      'fail scenarios.failed',
    ]);
    expect(judged({ baseSource: red })).toEqual(['fail scenarios.failed']);
  });

  it('says in whole sentences which cases of the base are gone', () => {
    const many = run({ a: 'passed', b: 'passed', c: 'passed', d: 'passed' });
    const fix = run({ c: 'skipped', d: 'passed' });
    const messages = findings({ base: many, baseSource: many, fix }).map(({ message }) => message);
    expect(messages).toEqual([
      'Scenario S001 (npm test): 2 cases of the base are missing with the fix: "a", "b".',
      'Scenario S001 (npm test): 1 case that ran on the base is skipped with the fix: "c".',
    ]);
  });

  it('warns only, where people do not ask for green tests, but refuses tampering all the same', () => {
    expect(judged({ fix: run({ a: 'failed' }) }, [], false)).toEqual([
      'warn scenarios.failed',
      'refuse tampering.case_removed',
    ]);
  });

  it('blocks on a run that proves nothing, on the base or not, unless people know it', () => {
    const broken = nothing('command_not_found');
    expect(judged({ fix: broken, baseSource: broken })).toEqual(['fail scenarios.cannot_run']);
    expect(judged({ base: broken, fix: broken, baseSource: broken })).toEqual(['fail scenarios.cannot_run']);
    expect(judged({ base: broken, fix: broken, baseSource: broken }, ['S001'])).toEqual([]);
    expect(judged({ fix: broken }, ['S001'])).toEqual(['fail scenarios.cannot_run']);
  });

  it('says that nothing could be compared, when only the base proves nothing', () => {
    expect(judged({ base: nothing('runner_failed') })).toEqual(['warn scenarios.not_compared']);
  });

  it('excuses what was found unstable on the base, and nothing else', () => {
    const red = run({ a: 'failed', b: 'failed' });
    expect(judged({ fix: red, excused: new Set(['a']) })).toEqual(['fail scenarios.failed', 'warn scenarios.flaky']);
    expect(judged({ fix: run({ a: 'failed', b: 'passed' }), excused: new Set(['a']) })).toEqual([
      'warn scenarios.flaky',
    ]);
  });
});
