/**
 * Incidents, their transitions, their leases and the queue, behind one asynchronous interface, so that a larger fleet can put them
 * on another database. `sqlite-incidents.ts` is the embedded default; `test/store/incidents.contract.ts` is what every
 * implementation must pass.
 */
import type { NewErrand } from './errands.ts';
import type { IncidentStatus } from './states.ts';

/** What the store needs of a normalised event; the rest is kept as JSON and handed back untouched. */
export interface EventRow {
  id: string;
  fingerprint: string;
  source: string;
  service?: string | undefined;
  severity: string;
  type: string;
  message: string;
  file?: string | undefined;
  count: number;
  first_seen: string;
  last_seen: string;
  received_at: string;
}

export interface IncidentRecord {
  /** `INC-<fingerprint>` */
  incident: string;
  fingerprint: string;
  status: IncidentStatus;
  severity: string;
  /** Occurrences over all events. */
  count: number;
  /** `type: message` of the newest event, one line. */
  error: string;
  files: string[];
  source: string;
  service: string | null;
  /** 1, and one more each time it is taken back from an ended state. */
  round: number;
  first_seen: string;
  last_seen: string;
  /** The newest event as it was recorded (JSON of the whole normalised event). */
  event: unknown;
  /** A person confirmed the dismissal: a new occurrence does not re-open it. */
  dismissal_confirmed: boolean;
  created_at: string;
  updated_at: string;
}

export interface Transition {
  incident: string;
  round: number;
  from: IncidentStatus | null;
  to: IncidentStatus;
  /** Who did it: `intake`, `heal`, `agent`, `person:<name>`, … */
  who: string;
  why: string;
  at: string;
}

export interface TransitionRequest {
  incident: string;
  to: IncidentStatus;
  who: string;
  why: string;
  /** When given, the transition happens only from one of these states (compare and set). */
  from?: IncidentStatus[];
}

export type TransitionResult =
  | { ok: true; record: IncidentRecord }
  | { ok: false; reason: 'unknown_incident' }
  | { ok: false; reason: 'illegal' | 'not_from'; status: IncidentStatus };

/** The right to work on one incident, until `expires_at`. Of two holders one gets it. */
export interface Lease {
  incident: string;
  holder: string;
  expires_at: string;
}

/** A step that says how a proposal fares: made, merged or rejected. */
export type Outcome = Transition & { to: 'proposed' | 'merged' | 'rejected' };

/** What one event did to its incident. */
export interface Occurred {
  incident: string;
  created: boolean;
  duplicate: boolean;
  reopened: boolean;
}

export interface Recorded extends Omit<Occurred, 'incident'> {
  record: IncidentRecord;
}

/** Several events that came together, such as one webhook. */
export interface Delivery {
  source: string;
  /** The sender's name for it; undefined where it gives none. */
  id: string | undefined;
  events: readonly EventRow[];
  /** What has to be done before there are events, or after. */
  errands?: readonly NewErrand[] | undefined;
}

/**
 * `recorded`: for each event; `created` and `reopened` only where it was counted at once. `incidents`: each to which
 * something was added, as the delivery has left it; those that are counted later come with `grown`. `errands`: how many are
 * new.
 */
export type Delivered =
  | { duplicate: true }
  | {
      duplicate: false;
      recorded: (Pick<Occurred, 'incident' | 'duplicate'> & Partial<Occurred>)[];
      incidents: IncidentRecord[];
      errands: number;
    };

/** What an incident's events of some time say together. */
export interface Weight {
  /** Occurrences of the events that were weighed by their number. */
  counted: number;
  /** The severities that any of the events came with. */
  severities: string[];
}

/**
 * Nothing new is started before `until`: what ended a run would end every other one too (a rate limit, a login that is
 * gone). It stays known until a run has got through, so that the next wait is longer.
 */
export interface BackOff {
  why: string;
  /** What a person can do about it; empty when waiting is all. */
  next: string;
  /** Whose run met it. */
  incident: string;
  /** How often in a row, from 1. */
  times: number;
  since: string;
  until: string;
}

export interface IncidentStore {
  /**
   * Adds one event to its incident, in one transaction: creates the incident (`settling`), or adds to its count and
   * last_seen. An event id seen before changes nothing. `reopened` tells that this occurrence took the incident back
   * (`resolved | rolled_back → detected`, and `dismissed → detected` while no person confirmed the dismissal).
   */
  record(event: EventRow): Promise<Recorded>;
  /**
   * All events and errands of a delivery in one transaction: on disk when this is answered, or nothing of it. A delivery
   * whose id came from the same source within a day changes nothing.
   */
  deliver(delivery: Delivery): Promise<Delivered>;
  /**
   * Each as if alone, and all in one transaction: of one that fails there is nothing, and the others are on disk. The
   * events of many are counted later: by `takeIn`, or before anything else is asked of the store.
   */
  deliverAll(
    deliveries: readonly Delivery[],
  ): Promise<({ ok: true; delivered: Delivered } | { ok: false; error: unknown })[]>;
  /** Counts some of the events that wait. `more`: others do; `failed`: why some cannot be counted, which are kept. */
  takeIn(): Promise<{ more: boolean; failed: string[] }>;
  /** The incidents that grew by events that were counted later, each told once. */
  grown(): Promise<IncidentRecord[]>;
  /** Of the events received since `since` (ISO 8601). `watched`: sources whose own severity counts, and not their number. */
  weigh(incident: string, since: string, watched: readonly string[]): Promise<Weight>;
  /** How grave the incident is by now; its state stays. */
  setSeverity(incident: string, severity: string): Promise<void>;
  get(incident: string): Promise<IncidentRecord | undefined>;
  /** Newest first. */
  list(filter?: { status?: IncidentStatus[]; limit?: number }): Promise<IncidentRecord[]>;
  /** Moves the incident, appends the transition row, and counts the round, in one transaction. */
  transition(request: TransitionRequest): Promise<TransitionResult>;
  /** Each as if alone, and all in one transaction: what one refuses keeps no other back. */
  transitionAll(requests: readonly TransitionRequest[]): Promise<TransitionResult[]>;
  transitions(incident: string): Promise<Transition[]>;
  /** How proposals fared, newest first, whatever their incident. */
  outcomes(limit: number): Promise<Outcome[]>;
  /** Marks a provisional dismissal as confirmed by a person. False when the incident is not dismissed. */
  confirmDismissal(incident: string, who: string): Promise<boolean>;
  /** The lease, or undefined while another holder's has not expired. A holder that has it already gets it extended. */
  acquireLease(incident: string, holder: string, ttlMs: number): Promise<Lease | undefined>;
  /** False when the lease is no longer the holder's, or has expired: then it has to be acquired again. */
  renewLease(incident: string, holder: string, ttlMs: number): Promise<boolean>;
  releaseLease(incident: string, holder: string): Promise<void>;
  /** Those that have not expired, by incident. */
  leases(): Promise<Lease[]>;
  /**
   * Takes the lease of the `queued` incident whose turn it is, in one transaction: of two holders each gets another one.
   * A turn is by severity, then by how long it waits; every hour of waiting counts, so that a low one is passed by what
   * came up to a day after it and by nothing later. Undefined when nothing is queued and free. `except`: passed over.
   */
  claimNext(holder: string, ttlMs: number, except?: readonly string[]): Promise<IncidentRecord | undefined>;
  /** Those that are `queued`, in the order of their turns. */
  queued(limit: number): Promise<IncidentRecord[]>;
  backOff(): Promise<BackOff | undefined>;
  /** Undefined ends it. */
  setBackOff(backOff: BackOff | undefined): Promise<void>;
}
