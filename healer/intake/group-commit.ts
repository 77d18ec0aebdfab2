/**
 * Deliveries that are ready at the same time are written in one transaction, for the disk is what each of them waits for.
 * None waits for others to come: while one transaction is written, the next requests gather by themselves.
 */
import type { Delivered, Delivery, IncidentStore } from '../../store/incidents.ts';

interface Waiting {
  delivery: Delivery;
  resolve(delivered: Delivered): void;
  reject(error: unknown): void;
}

type Store = Pick<IncidentStore, 'deliverAll'>;

/** By the store that they are for: whoever delivers to the same one shares its transactions. */
const gathering = new WeakMap<Store, Waiting[]>();

/** Answers when the delivery is on disk. One that fails takes no other with it, unless the disk itself does. */
export function deliverTogether(incidents: Store, delivery: Delivery): Promise<Delivered> {
  return new Promise((resolve, reject) => {
    const gathered = gathering.get(incidents);
    if (gathered) gathered.push({ delivery, resolve, reject });
    else {
      gathering.set(incidents, [{ delivery, resolve, reject }]);
      setImmediate(() => void write(incidents));
    }
  });
}

async function write(incidents: Store): Promise<void> {
  const all = gathering.get(incidents) ?? [];
  gathering.delete(incidents);
  try {
    const outcomes = await incidents.deliverAll(all.map(({ delivery }) => delivery));
    for (const [at, { resolve, reject }] of all.entries()) {
      const outcome = outcomes[at];
      if (outcome?.ok) resolve(outcome.delivered);
      else reject(outcome?.error ?? new Error('A delivery was not answered for'));
    }
  } catch (error) {
    for (const { reject } of all) reject(error);
  }
}
