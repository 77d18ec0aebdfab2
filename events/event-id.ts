/** Ids of events: computed from what makes an occurrence that one and no other, so that it is known when told again. */
import { createHash } from 'node:crypto';

export function eventId(...parts: readonly (string | number | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
