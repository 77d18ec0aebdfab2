/** One run of a check in one line: red or green, where, what it counted. */
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
  seconds: number;
}

export function evidenceLine({ at, command, exit, counts, seconds }: ShownRun, paint: Paint): string {
  const colour = exit === 0 ? paint('green', 'green') : paint('red', 'red  ');
  const cases = counts ? `${counts.passed} passed, ${counts.failed} failed` : `exit code ${exit ?? 'none'}`;
  return `${colour} ${WHERE[at]}: ${cases}, ${seconds.toFixed(1)} s  ${paint('dim', command)}`;
}
