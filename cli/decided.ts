/** What every decision of a person answers with. */
import type { IncidentRecord } from '../store/incidents.ts';
import type { Answer } from './command.ts';

export function decided({ incident, status, round, error }: IncidentRecord, what: string, next?: string): Answer {
  return {
    value: { incident, status, round },
    text: [`${incident} ${what}: ${error}`, ...(next ? [`Next: ${next}`] : [])].join('\n'),
  };
}
