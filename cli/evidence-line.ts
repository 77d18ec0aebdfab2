/** The runs of a check for people: red or green, where, what they counted. */
import type { Counts, TreeRole } from '../gate/verification.ts';
import type { Paint } from './output.ts';

const WHERE: Record<TreeRole, string> = {
  base: 'on the base',
  base_tests: 'on the base with the new tests',
  base_source: 'on the base with only the source change',
  fix: 'on the fix',
  revert: 'with the source change taken back',
};

export interface ShownRun {
  at: TreeRole;
  command: string;
  exit: number | null;
  counts: Counts | null;
}

/** Runs of one command on one tree with one outcome are one line that says how often. */
export function evidenceLines(runs: readonly ShownRun[], paint: Paint): string[] {
  const groups = new Map<string, { run: ShownRun; times: number }>();
  for (const run of runs) {
    const key = JSON.stringify([run.at, run.command, run.exit === 0, run.counts]);
    const group = groups.get(key) ?? { run, times: 0 };
    group.times++;
    groups.set(key, group);
  }
  return [...groups.values()].map(({ run, times }) => describe(run, times, paint));
}

function describe({ at, command, exit, counts }: ShownRun, times: number, paint: Paint): string {
  const colour = exit === 0 ? paint('green', 'green') : paint('red', 'red  ');
  const cases = counts ? `${counts.passed} passed, ${counts.failed} failed` : `exit code ${exit ?? 'none'}`;
  // The gate notes behind the command what it broke on purpose, to see that the checks look at it.
  const [line = command, note] = command.split(/\s+# (?=with )/);
  const where = note === undefined ? WHERE[at] : `${note} on purpose`;
  return `${colour} ${times > 1 ? `${times}× ` : ''}${where}: ${cases}  ${paint('dim', line)}`;
}
