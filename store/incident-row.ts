/** The row of an incident in the embedded database, and what the rest of the product sees of it. */
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
  const files: unknown = JSON.parse(files_json);
  if (!Array.isArray(files) || !files.every((file) => typeof file === 'string'))
    throw new Error(`files_json of an incident is no list of files: ${files_json.slice(0, 200)}`);
  return files;
}

/** `event`: what `event_json` holds, where that is known already. */
export function toRecord(row: IncidentRow, event: unknown = JSON.parse(row.event_json)): IncidentRecord {
  return {
    incident: row.incident,
    fingerprint: row.fingerprint,
    status: row.status,
    severity: row.severity,
    count: row.count,
    error: row.error,
    files: filesOf(row),
    source: row.source,
    service: row.service,
    round: row.round,
    first_seen: row.first_seen,
    last_seen: row.last_seen,
    event,
    dismissal_confirmed: row.dismissal_confirmed_by !== null,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
