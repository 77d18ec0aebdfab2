/** What a verdict shows of a run. */
import type { CheckRun } from './check-run.ts';
import type { Evidence } from './verification.ts';

export function evidenceOf(run: CheckRun): Evidence {
  const { command, tree, at, exit, counts, seconds, tail } = run;
  return { command, tree, at, exit, counts, seconds: Math.round(seconds * 1000) / 1000, tail };
}
