/** A process of a check: confined as its place says, held to the limits of checks, and with nothing of it left behind. */
import { randomUUID } from 'node:crypto';
import { type GroupCommand, type GroupOptions, type GroupResult, runGroup } from '../process-group.ts';
import { checkLimits, type RunLimits } from '../run-limits.ts';
import type { Confine } from './sandbox.ts';

const MARK = 'SELF_HEALING_CHECK';

export interface CheckProcessOptions extends Omit<GroupOptions, 'mark' | 'limits'> {
  confine: Confine;
  /** Instead of the default ones. */
  limits?: Partial<RunLimits> | undefined;
}

export function runCheckProcess(
  command: GroupCommand,
  { confine, limits, env, ...options }: CheckProcessOptions,
): Promise<GroupResult> {
  // Nobody else knows this value, so what carries it is this check's.
  const value = randomUUID();
  return runGroup(confine(command), {
    ...options,
    env: { ...env, [MARK]: value },
    mark: `${MARK}=${value}`,
    limits: { ...checkLimits(), ...limits },
  });
}
