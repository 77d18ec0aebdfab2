/** The ways in which an attempt can fail. Each has its own answer (DESIGN §7); a failure without a type would have none. */
export const FAILURE_MODES = [
  /** The API or the network did not answer; nothing is wrong with the attempt itself. */
  'transient',
  /** No sign of life for too long. */
  'silence',
  /** The client ended without an end of its own, or without its guards. */
  'crash',
  /** It ended before the work was done: turns or time used up, a criterion unmet. */
  'partial',
  'loop',
  'drift',
  /** The gate says `fail`. */
  'verification',
  /** The gate says `refuse`, or what the run recorded is not what it was seen to record. */
  'refused',
  'low_confidence',
  'budget',
  'cancelled',
] as const;
export type FailureMode = (typeof FAILURE_MODES)[number];

export type Answer =
  /** Wait, then go on in the same session. */
  | 'wait_and_resume'
  /** Tell the next run what happened; in the same session, which knows the code already. */
  | 'corrective_resume'
  /** The same in a new session: the old one is stuck in its own history. */
  | 'corrective_fresh'
  | 'escalate'
  | 'stop';

export function answerTo(mode: FailureMode): Answer {
  switch (mode) {
    case 'transient':
      return 'wait_and_resume';
    case 'silence':
    case 'crash':
    case 'partial':
    case 'verification':
      return 'corrective_resume';
    case 'loop':
    case 'drift':
      return 'corrective_fresh';
    case 'refused':
    case 'low_confidence':
    case 'budget':
      return 'escalate';
    case 'cancelled':
      return 'stop';
    default:
      return mode satisfies never;
  }
}
