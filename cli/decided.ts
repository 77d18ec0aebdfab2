/** What every decision of a person answers with. */
import type { IncidentRecord } from '../store/incidents.ts';
import type { Answer } from './command.ts';

export function decided(
  { incident, status, round, error }: IncidentRecord,
  what: string,
  next?: string,
  /** Of an earlier round's pull request, which nobody closes but a person. */
  url?: string | null,
): Answer {
  return {
    value: { incident, status, round, ...(url ? { url } : {}) },
    text: [
      `${incident} ${what}: ${error}`,
      ...(url ? [`Its earlier pull request is ${url}: close it if it is open, for there is one at a time.`] : []),
      ...(next ? [`Next: ${next}`] : []),
    ].join('\n'),
  };
}
