/** Levels of Sentry's SDKs, from `debug` to `fatal`. */
import { isErrorLevel, parseLevel } from '../../log-line/level.ts';
import type { Occurrence } from '../../occurrence.ts';

/** An issue of which a rule or a subscription tells is worth a look; what it says and how often may make it graver. */
export function levelSeverity(level: string | undefined): Pick<Occurrence, 'severity' | 'atLeast'> {
  switch (parseLevel(level ?? 'error')) {
    case 'fatal':
      return { severity: 'critical' };
    case 'info':
    case 'debug':
    case 'trace':
      return { severity: 'low' };
    default:
      return { atLeast: 'medium' };
  }
}

/** What an SDK reports below error level is a note, not an error. */
export function isError(level: string | undefined): boolean {
  const known = parseLevel(level);
  return known === undefined || isErrorLevel(known);
}
