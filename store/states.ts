/**
 * The states of an incident and the only ways between them. Everything that moves an incident goes through this table;
 * `sqlite-incidents.ts` refuses any other step.
 */

export const INCIDENT_STATUSES = [
  'settling',
  'detected',
  'ignored',
  'awaiting_start',
  'queued',
  'skipped',
  'healing',
  'verified',
  'awaiting_publish',
  'proposed',
  'merged',
  'watching',
  'resolved',
  'rolled_back',
  'escalated',
  'dismissed',
  'rejected',
  'cancelled',
] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** Where an incident may go from each state, `cancelled` apart: a person can cancel it from every other state. */
const STEPS: Record<IncidentStatus, readonly IncidentStatus[]> = {
  settling: ['detected', 'ignored'],
  /** Back when its count within the window reaches the minimum severity. */
  ignored: ['detected'],
  /** `ignored`, here and below: muted before anybody worked on it. */
  detected: ['queued', 'awaiting_start', 'ignored'],
  /** `escalated`: the approval expired. */
  awaiting_start: ['queued', 'skipped', 'escalated', 'ignored'],
  /** `escalated`: over the budget. `proposed`: its open pull request was decided about before the work on it began. */
  queued: ['healing', 'escalated', 'ignored', 'proposed'],
  /** `awaiting_start`: the class of error must be asked about first. `queued`: after a crash, in the same round. */
  healing: ['verified', 'escalated', 'dismissed', 'awaiting_start', 'queued'],
  verified: ['proposed', 'awaiting_publish'],
  /** `healing`: approved too late, and no longer a pass. `escalated`: the approval expired. */
  awaiting_publish: ['proposed', 'rejected', 'healing', 'escalated'],
  /** `queued`: changes were requested, or CI is red on the open pull request; same round, branch and pull request. */
  proposed: ['merged', 'rejected', 'queued'],
  merged: ['watching'],
  /** `escalated`: nobody could judge it (too little traffic, sources that did not answer), or the rollback needs a person. */
  watching: ['resolved', 'rolled_back', 'escalated'],
  /** A new occurrence is a regression. */
  resolved: ['detected'],
  rolled_back: ['detected'],
  /** `queued` by a person; `dismissed → detected` by a new occurrence while no person has confirmed the dismissal. */
  dismissed: ['queued', 'detected'],
  escalated: ['queued'],
  skipped: ['queued'],
  rejected: ['queued'],
  cancelled: [],
};

/** Nothing more happens from here by itself: a person or a new occurrence has to take it back. */
const ENDED: readonly IncidentStatus[] = [
  'ignored',
  'skipped',
  'resolved',
  'rolled_back',
  'escalated',
  'dismissed',
  'rejected',
  'cancelled',
];

/** Coming back from these is a new attempt with its own branch and proposal. A crash and a review keep the round. */
const CLOSES_ROUND: readonly IncidentStatus[] = [
  'escalated',
  'skipped',
  'dismissed',
  'rejected',
  'resolved',
  'rolled_back',
];

/** Nothing goes on before a person decides. */
export const NEEDS_PERSON: readonly IncidentStatus[] = ['awaiting_start', 'awaiting_publish', 'escalated'];

/** Somebody is about to work on it, or does, or has just proven it. */
export const IN_WORK: readonly IncidentStatus[] = ['queued', 'healing', 'verified'];

/** Every state that can follow `from`. */
export function nextStates(from: IncidentStatus): readonly IncidentStatus[] {
  return from === 'cancelled' ? [] : [...STEPS[from], 'cancelled'];
}

export function isLegal(from: IncidentStatus, to: IncidentStatus): boolean {
  return nextStates(from).includes(to);
}

export function isEnded(status: IncidentStatus): boolean {
  return ENDED.includes(status);
}

/** Whether this step begins a new round; `cancelled` closes the incident instead. */
export function opensRound(from: IncidentStatus, to: IncidentStatus): boolean {
  return CLOSES_ROUND.includes(from) && to !== 'cancelled';
}

/** Where a new occurrence takes the incident, or undefined when it stays where it is. */
export function afterOccurrence(status: IncidentStatus, dismissalConfirmed: boolean): IncidentStatus | undefined {
  if (status === 'resolved' || status === 'rolled_back') return 'detected';
  return status === 'dismissed' && !dismissalConfirmed ? 'detected' : undefined;
}
