/**
 * Deliveries that are ready at the same time are written in one transaction, for the disk is what each of them waits for.
 * While more become ready with every turn of the event loop, they are waited for, a few turns at most: those are requests
 * whose bodies are here already. And who was answered together often sends again together: as many as the last time are
 * waited for, for as long as half of what the disk took then.
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
/** Milliseconds that it is held open for those of the last time. */
const [LEAST_MS, MOST_MS] = [1, 5];

interface Gathering {
  waiting: Waiting[];
  /** Until enough have come, or the time is over. */
  pause: NodeJS.Timeout | undefined;
  last: { deliveries: number; ms: number };
}

/** By the store that they are for: whoever delivers to the same one shares its transactions. */
const gatherings = new WeakMap<Store, Gathering>();

/** Answers when the delivery is on disk. One that fails takes no other with it, unless the disk itself does. */
export function deliverTogether(incidents: Store, delivery: Delivery): Promise<Delivered> {
  return new Promise((resolve, reject) => {
    const known = gatherings.get(incidents);
    const all = known ?? { waiting: [], pause: undefined, last: { deliveries: 1, ms: 0 } };
    if (known === undefined) gatherings.set(incidents, all);
    all.waiting.push({ delivery, resolve, reject });
    const again = all.pause !== undefined && all.waiting.length >= all.last.deliveries;
    if (!again && all.waiting.length > 1) return;
    clearTimeout(all.pause);
    all.pause = undefined;
    setImmediate(() => gather(incidents, all, 0, 0));
  });
}

/** `before`: how many there were a turn ago. */
function gather(incidents: Store, all: Gathering, before: number, turn: number): void {
  const { length } = all.waiting;
  const more = length !== before && length < MOST_DELIVERIES && turn < MOST_TURNS;
  if (more) setImmediate(() => gather(incidents, all, length, turn + 1));
  else if (length >= all.last.deliveries) void write(incidents, all);
  else {
    const ms = Math.min(MOST_MS, Math.max(LEAST_MS, all.last.ms / 2));
    all.pause = setTimeout(() => {
      all.pause = undefined;
      void write(incidents, all);
    }, ms);
  }
}

async function write(incidents: Store, all: Gathering): Promise<void> {
  const { waiting } = all;
  all.waiting = [];
  const begun = performance.now();
  try {
    const outcomes = await incidents.deliverAll(waiting.map(({ delivery }) => delivery));
    for (const [at, { resolve, reject }] of waiting.entries()) {
      const outcome = outcomes[at];
      if (outcome?.ok) resolve(outcome.delivered);
      else reject(outcome?.error ?? new Error('A delivery was not answered for'));
    }
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
  all.last = { deliveries: Math.min(waiting.length, MOST_DELIVERIES), ms: performance.now() - begun };
}
