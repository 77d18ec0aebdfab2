/**
 * What the runs of one reproduction on one tree say together: three runs that agree, or the finding that they make. Pure.
 */
import type { CheckRun } from '../check-run.ts';
import type { JudgedFinding } from '../judged-finding.ts';
import { configLine } from '../lift.ts';
import type { Reason } from './reason.ts';

type Red = Extract<Reason, { ok: true }>;

export type Stage<T> = { ok: true; value: T } | { ok: false; finding: JudgedFinding };

export interface StageSubject {
  /** `Scenario S010 (npx vitest run test/tenant.test.ts)` */
  name: string;
  reasonOf: (run: CheckRun) => Reason;
}

/** B+T before the fix: red every time, for the incident's reason. */
export function judgeBase(runs: readonly CheckRun[], subject: StageSubject): Stage<Red> {
  if (runs.every(({ status }) => status === 'passed'))
    return fail(
      'green_on_base',
      `${subject.name} is green on the base with the fix's tests, so it does not show the incident.`,
      "Change the test so that it fails without the source change, with the incident's own error.",
    );
  return judgeRed(runs, subject, 'on the base');
}

/** B+T once more, after F: red again, or something else than the source change turned it green. */
export function judgeRevert(runs: readonly CheckRun[], subject: StageSubject): Stage<Red> {
  if (runs.every(({ status }) => status === 'passed'))
    return fail(
      'not_red_on_revert',
      `${subject.name} stays green with the source change taken back, so something else turned it green.`,
      'Make the test independent of what an earlier run left behind (files outside of the tree, caches, servers).',
    );
  const judged = judgeRed(runs, subject, 'with the source change taken back');
  if (judged.ok || judged.finding.code !== 'reproduction.red_for_other_reason') return judged;
  return { ok: false, finding: { ...judged.finding, code: 'reproduction.not_red_on_revert' } };
}

function judgeRed(runs: readonly CheckRun[], subject: StageSubject, where: string): Stage<Red> {
  if (runs.some(({ status }) => status === 'passed')) return unstable(runs, subject, where);
  const reasons = runs.map(subject.reasonOf);
  const other = reasons.find((reason) => !reason.ok);
  if (other && !other.ok) {
    if (other.code === 'tree_not_seen')
      return { ok: false, finding: treeNotSeen(`${subject.name}: ${other.why}`, other.file ? [other.file] : []) };
    return fail(
      'red_for_other_reason',
      `${subject.name} is red ${where}, but not for the incident's reason. ${other.why}`,
      "Make the test run the diagnosed code the way production did, so that it fails with the incident's own error.",
    );
  }
  const reds = reasons.filter((reason): reason is Red => reason.ok);
  const worst = reds.find(({ weak }) => weak) ?? reds[0];
  return worst ? { ok: true, value: worst } : unstable(runs, subject, where);
}

/** F: green every time, and the case that was red is among those that passed. */
export function judgeFix(runs: readonly CheckRun[], subject: StageSubject, red: Red | null): Stage<null> {
  const green = runs.filter(({ status }) => status === 'passed');
  if (green.length === 0) {
    const [run] = runs;
    const failed = run?.cases.filter(({ status }) => status === 'failed').map(({ name }) => `"${name}"`) ?? [];
    const what = run?.reason?.message ?? `Failed: ${failed.slice(0, 5).join(', ') || `exit code ${run?.exit}`}.`;
    return fail(
      'still_red',
      `${subject.name} is still red with the fix. ${what}`,
      'Read the tail of its last run in the evidence, correct the source change, and verify again.',
    );
  }
  if (green.length < runs.length) return unstable(runs, subject, 'with the fix');
  const missing = red === null ? undefined : green.find((run) => !passes(run, red.testCase));
  if (!missing || red === null) return { ok: true, value: null };
  return fail(
    'still_red',
    `${subject.name} is green with the fix, but "${red.testCase}", which was red on the base, did not run there.`,
    'Let the same test case run with and without the fix.',
  );
}

/** A case that ended its process has no name of its own to be found again; a check has no cases. */
function passes(run: CheckRun, testCase: string): boolean {
  if (run.counts === null || testCase.endsWith(' > ended the process')) return true;
  return run.cases.some(({ name, status }) => name === testCase && status === 'passed');
}

function unstable(runs: readonly CheckRun[], subject: StageSubject, where: string): Stage<never> {
  return fail(
    'unstable',
    `${subject.name} is unstable ${where}: ${runs.map(({ status }) => status).join(', ')} in ${runs.length} runs of the same tree.`,
    'Remove what differs from run to run (time, order, random values, network) from the test.',
  );
}

/** `files`: diagnosed files of which something else than the tree's own was loaded. */
export function treeNotSeen(message: string, files: readonly string[]): JudgedFinding {
  const python = files.find((path) => path.endsWith('.py'));
  const finding = { severity: 'refuse', code: 'reproduction.tree_not_seen', message } as const;
  if (python === undefined)
    return {
      ...finding,
      next: 'Hand over: a person has to let the tests load the source of their own folder (linked packages, built files). No setting lifts this.',
    };
  return {
    ...finding,
    next: 'Hand over: the package is installed as editable outside of .venv. An environment in .venv is mirrored; for any other a person puts the source in front.',
    lift: configLine('tests', 'env', { PYTHONPATH: sourceRoot(python) }),
  };
}

/** What the source's own folder is to Python: `src` in a src layout, else the root. Relative to where tests run. */
function sourceRoot(path: string): string {
  const folders = path.split('/').slice(0, -1);
  const at = folders.lastIndexOf('src');
  return at < 0 ? '.' : folders.slice(0, at + 1).join('/');
}

function fail(code: string, message: string, next: string): Stage<never> {
  return { ok: false, finding: { severity: 'fail', code: `reproduction.${code}`, message, next } };
}
