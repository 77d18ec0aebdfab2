/** Deliveries that come together, each with two events of its own ids, of one kind. */
import type { Delivery } from '../../store/incidents.ts';
import { eventRow } from './incidents.contract.ts';

export const IN_STORM = 10;

export function storm(number: number): Delivery[] {
  return Array.from({ length: IN_STORM }, (_, at) => {
    const name = `${number}-${at}`;
    const events = ['a', 'b'].map((half) => eventRow({ id: `${name}-${half}` }));
    return { source: 'generic', id: name, events };
  });
}
