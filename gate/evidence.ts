/** What a verdict shows of a run; and the marks of the runs that are none of the four trees' own. */
import type { CheckRun } from './check-run.ts';
import type { Evidence } from './verification.ts';

export function evidenceOf(run: CheckRun): Evidence {
  const { command, tree, at, exit, counts, seconds, tail } = run;
  return { command, tree, at, exit, counts, seconds: Math.round(seconds * 1000) / 1000, tail };
}

/** Such a run's command is told as `<command>  # with <file> broken`, or `<command>  # in release <name>`. */
const MARK = '  # with ';
const BROKEN = ' broken';
const RELEASE = '  # in release ';

export function brokenCommand(command: string, file: string): string {
  return `${command}${MARK}${file}${BROKEN}`;
}

/** For a run on the release that the incident names, with the fix's test files. */
export function releaseCommand(command: string, release: string): string {
  return `${command}${RELEASE}${release}`;
}

/** Whether a diagnosed file was broken on purpose for this run. */
export function isBroken({ command }: Evidence): boolean {
  return command.endsWith(BROKEN) && command.includes(MARK);
}

/** Whether it ran on the release that the incident names. */
export function isRelease({ command }: Evidence): boolean {
  return /\S$/.test(command.split(RELEASE)[1] ?? '');
}

/** Whether it tells nothing of the tree that its role names. */
export function isAside(run: Evidence): boolean {
  return isBroken(run) || isRelease(run);
}

/** The command as it was run. */
export function plainCommand(run: Evidence): string {
  if (isRelease(run)) return run.command.slice(0, run.command.lastIndexOf(RELEASE));
  return isBroken(run) ? run.command.slice(0, run.command.lastIndexOf(MARK)) : run.command;
}
