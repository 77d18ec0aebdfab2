/** What one more event makes of an incident's columns: counts add up, the newest event speaks, the worst severity stays. */
import { type EventColumns, filesOf } from './incident-row.ts';
import type { EventRow } from './incidents.ts';

/** Worst first; a word that is not listed is milder than all of these. */
const SEVERITIES = ['critical', 'high', 'medium', 'low'];
const LONGEST_ERROR = 500;

/** `json`: the event as it is stored. */
export function mergedEvent(before: EventColumns | undefined, event: EventRow, json: string): EventColumns {
  const own = columnsOf(event, json);
  if (!before) return own;
  const [older, newer] = Date.parse(event.last_seen) < Date.parse(before.last_seen) ? [own, before] : [before, own];
  return {
    severity: rank(own.severity) < rank(before.severity) ? own.severity : before.severity,
    count: before.count + own.count,
    error: newer.error,
    files_json: withFile(before, event.file),
    source: newer.source,
    service: newer.service ?? older.service,
    first_seen: Date.parse(own.first_seen) < Date.parse(before.first_seen) ? own.first_seen : before.first_seen,
    last_seen: newer.last_seen,
    event_json: newer.event_json,
  };
}

function withFile(before: EventColumns, file: string | undefined): string {
  if (file === undefined) return before.files_json;
  // The place of an error hardly ever changes.
  if (before.files_json === JSON.stringify([file])) return before.files_json;
  return JSON.stringify([...new Set([...filesOf(before), file])]);
}

function columnsOf(event: EventRow, json: string): EventColumns {
  return {
    severity: event.severity,
    count: event.count,
    error: `${event.type ? `${event.type}: ` : ''}${event.message}`
      .slice(0, 10 * LONGEST_ERROR)
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, LONGEST_ERROR),
    files_json: JSON.stringify(event.file === undefined ? [] : [event.file]),
    source: event.source,
    service: event.service ?? null,
    first_seen: event.first_seen,
    last_seen: event.last_seen,
    event_json: json,
  };
}

function rank(severity: string): number {
  const at = SEVERITIES.indexOf(severity);
  return at === -1 ? SEVERITIES.length : at;
}
