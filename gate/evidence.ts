/** What a verdict shows of a run; and the mark of the runs that show whether the checks see the tree at all. */
import type { CheckRun } from './check-run.ts';
import type { Evidence } from './verification.ts';

export function evidenceOf(run: CheckRun): Evidence {
  const { command, tree, at, exit, counts, seconds, tail } = run;
  return { command, tree, at, exit, counts, seconds: Math.round(seconds * 1000) / 1000, tail };
}

/** Such a run's command is told as `<command>  # with <file> broken`. */
const MARK = '  # with ';
const BROKEN = ' broken';

export function brokenCommand(command: string, file: string): string {
  return `${command}${MARK}${file}${BROKEN}`;
}

/** Whether a diagnosed file was broken on purpose for this run. */
export function isBroken({ command }: Evidence): boolean {
  return command.endsWith(BROKEN) && command.includes(MARK);
}

/** The command as it was run. */
export function plainCommand(run: Evidence): string {
  return isBroken(run) ? run.command.slice(0, run.command.lastIndexOf(MARK)) : run.command;
}
