/** The row of an incident in the embedded database, and what the rest of the product sees of it. */
import { z } from 'zod';
import type { IncidentRecord } from './incidents.ts';
import type { IncidentStatus } from './states.ts';

/** The columns of an incident that come from its events. */
export interface EventColumns {
  severity: string;
  count: number;
  error: string;
  files_json: string;
  source: string;
  service: string | null;
  first_seen: string;
  last_seen: string;
  event_json: string;
}

export interface IncidentRow extends EventColumns {
  incident: string;
  fingerprint: string;
  status: IncidentStatus;
  round: number;
  dismissal_confirmed_by: string | null;
  /** Since when it waits in the queue; one that is taken up again keeps its place. */
  queued_at_ms: number | null;
  turn_ms: number | null;
  created_at: string;
  updated_at: string;
}

export function filesOf({ files_json }: Pick<IncidentRow, 'files_json'>): string[] {
  return z.array(z.string()).parse(JSON.parse(files_json));
}

/** `event`: what `event_json` holds, where that is known already. */
export function toRecord(row: IncidentRow, event: unknown = JSON.parse(row.event_json)): IncidentRecord {
  const {
    files_json: _files,
    event_json: _event,
    dismissal_confirmed_by,
    queued_at_ms: _since,
    turn_ms: _turn,
    ...rest
  } = row;
  return { ...rest, files: filesOf(row), event, dismissal_confirmed: dismissal_confirmed_by !== null };
}
