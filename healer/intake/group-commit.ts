/**
 * Deliveries that are ready at the same time are written in one transaction, for the disk is what each of them waits for.
 * While more become ready with every turn of the event loop, they are waited for, a few turns at most: those are requests
 * whose bodies are here already.
 */
import type { Delivered, Delivery, IncidentStore } from '../../store/incidents.ts';

interface Waiting {
  delivery: Delivery;
  resolve(delivered: Delivered): void;
  reject(error: unknown): void;
}

type Store = Pick<IncidentStore, 'deliverAll'>;

/** Turns of the event loop that a transaction is held open for more, and deliveries that are enough for one. */
const MOST_TURNS = 8;
const MOST_DELIVERIES = 64;

/** By the store that they are for: whoever delivers to the same one shares its transactions. */
const gathering = new WeakMap<Store, Waiting[]>();

/** Answers when the delivery is on disk. One that fails takes no other with it, unless the disk itself does. */
export function deliverTogether(incidents: Store, delivery: Delivery): Promise<Delivered> {
  return new Promise((resolve, reject) => {
    const gathered = gathering.get(incidents);
    if (gathered) gathered.push({ delivery, resolve, reject });
    else {
      gathering.set(incidents, [{ delivery, resolve, reject }]);
      setImmediate(() => gather(incidents, 0, 0));
    }
  });
}

/** `before`: how many there were a turn ago. */
function gather(incidents: Store, before: number, turn: number): void {
  const { length } = gathering.get(incidents) ?? [];
  const enough = length === before || length >= MOST_DELIVERIES || turn >= MOST_TURNS;
  if (enough) void write(incidents);
  else setImmediate(() => gather(incidents, length, turn + 1));
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
