/** What the reproduction's runs on the release that the incident names say, beside what the base says. Pure. */
import type { CheckRun } from '../check-run.ts';
import type { JudgedFinding } from '../judged-finding.ts';
import type { StageSubject } from './stages.ts';

/** The release that the event names, with the fix's test files; or why it cannot be tried. */
export type ReleaseTree = { name: string; tree: string } | { name: string; why: string };

/** Green on the base and red on the release that production runs: nothing is left to fix. */
export function judgeRelease(
  runs: readonly CheckRun[],
  base: 'red' | 'green',
  release: string,
  subject: StageSubject,
): JudgedFinding | null {
  const reasons = runs.map(subject.reasonOf);
  const red = reasons.every(({ ok }) => ok);
  if (red && base === 'red') return null;
  if (red)
    return {
      severity: 'fail',
      code: 'reproduction.already_fixed',
      message: `${subject.name} is red in release ${release} (${runs.length}×) and green on the base: the error is fixed already.`,
      next: 'Dismiss the incident (dismiss_incident with verdict already_fixed); the release needs a newer deploy, not a fix.',
    };
  if (runs.every(({ status }) => status === 'passed'))
    return base === 'green'
      ? null
      : {
          severity: 'warn',
          code: 'reproduction.green_in_release',
          message: `${subject.name} is green in release ${release}, which the incident names, and red on the base: what it shows is newer than that release.`,
          next: 'Look whether this is the error that production has; the verdict rests on the base alone.',
        };
  const other = reasons.find((reason) => !reason.ok);
  return releaseNotRun(release, other && !other.ok ? other.why : 'Its runs differ.', subject.name);
}

/** Said, and nothing else changes. */
export function releaseNotRun(release: string, why: string, name: string): JudgedFinding {
  return {
    severity: 'warn',
    code: 'reproduction.release_not_run',
    message: `${name} tells nothing of release ${release}, which the incident names. ${why}`,
    next: 'Nothing is owed: the verdict rests on the base alone.',
  };
}
