/** The kill switch: while it is on, nothing is started, and what runs is ended and left to be taken up again. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** How it was switched on, or undefined while it is off. */
export function pausedBy(root: string, env: Record<string, string | undefined>): string | undefined {
  if (env.SELF_HEALING_PAUSE && env.SELF_HEALING_PAUSE !== '0') return 'SELF_HEALING_PAUSE is set';
  if (existsSync(join(root, '.self-healing', 'PAUSE'))) return 'the file .self-healing/PAUSE is there';
  return undefined;
}
