/** Ids of events: computed from what makes an occurrence that one and no other, so that it is known when told again. */
import { hash } from 'node:crypto';

export function eventId(...parts: readonly (string | number | undefined)[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);
}
