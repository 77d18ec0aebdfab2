/** JUnit as Maven (Surefire) and Gradle print it. */
import { type ReadsReport, withUnnamed } from './reading.ts';

const MAVEN = /^(?:\[\w+\] )?Tests run: \d+, Failures: (\d+), Errors: (\d+)/;
const MAVEN_FAILED = /^(?:\[ERROR\] )?(\S+?)\s+(?:-- )?Time elapsed: .{1,40}<<< (?:FAILURE|ERROR)!/;
const GRADLE_FAILED = /^(\S.*? > .+?) FAILED$/;
const GRADLE = /^\d+ tests? completed, (\d+) failed/;
const BUILD = /^(?:\[INFO\] )?BUILD (?:SUCCESS|FAILURE|SUCCESSFUL|FAILED)\b/;

export const readJunit: ReadsReport = (lines) => {
  const summaries = lines.flatMap((line) => MAVEN.exec(line) ?? GRADLE.exec(line) ?? []);
  if (summaries.length === 0 && !lines.some((line) => BUILD.test(line))) return null;
  const names = lines.flatMap((line) => {
    const maven = MAVEN_FAILED.exec(line)?.[1];
    if (maven !== undefined) return [maven.replace(/^([\w$]+)\(([\w.$]+)\)$/, '$2.$1')];
    return GRADLE_FAILED.exec(line)?.[1] ?? [];
  });
  return { failing: withUnnamed(names, failures(lines)) };
};

/** Surefire tells each class, and all of them at the end: the highest number is the sum. */
function failures(lines: readonly string[]): number {
  let most = 0;
  for (const line of lines) {
    const [, failed = 0, errors = 0] = MAVEN.exec(line) ?? GRADLE.exec(line) ?? [];
    most = Math.max(most, Number(failed) + Number(errors));
  }
  return most;
}
