/**
 * What the queue costs with 100 and with 10,000 incidents in it: to queue one more, to take the next one with its lease and
 * give it back, and to look at what comes next. Both queues are asked in turn, so that they meet the same load; allowed is
 * twice the cost.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IncidentStore } from '../store/incidents.ts';
import { sqliteIncidents } from '../store/sqlite-incidents.ts';
import { openState } from '../store/state-db.ts';

const SIZES = [100, 10_000] as const;
const ROUNDS = 300;
const ALLOWED_RATIO = 2;
const SEVERITIES = ['critical', 'high', 'medium', 'low'];

const folder = mkdtempSync(join(tmpdir(), 'bench-queue-'));

function event(at: number) {
  const seen = new Date(Date.parse('2026-11-20T10:00:00Z') + at * 1000).toISOString();
  return {
    ...{ id: `e${at}`, fingerprint: at.toString(16).padStart(16, '0'), source: 'log', service: 'shop' },
    ...{ severity: SEVERITIES[at % 4] ?? 'low', type: 'TypeError', message: `part ${at} is not a function` },
    ...{ file: 'src/shop.ts', count: 1, first_seen: seen, last_seen: seen, received_at: seen },
  };
}

async function detected(store: IncidentStore, from: number, to: number): Promise<string[]> {
  const events = Array.from({ length: to - from }, (_, at) => event(from + at));
  await store.deliver({ source: 'log', id: undefined, events });
  const incidents = events.map(({ fingerprint }) => `INC-${fingerprint}`);
  await move(store, incidents, 'detected');
  return incidents;
}

async function move(store: IncidentStore, incidents: readonly string[], to: 'detected' | 'queued'): Promise<void> {
  const results = await store.transitionAll(incidents.map((incident) => ({ incident, to, who: 'intake', why: to })));
  if (!results.every(({ ok }) => ok)) throw new Error(`not all came to ${to}`);
}

async function filled(size: number) {
  const db = openState(join(folder, String(size)));
  const store = sqliteIncidents(db);
  for (let from = 0; from < size; from += 500)
    await move(store, await detected(store, from, Math.min(size, from + 500)), 'queued');
  return { size, db, store, next: size };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

type Filled = Awaited<ReturnType<typeof filled>>;
const STEPS: Record<string, (one: Filled) => Promise<() => Promise<unknown>>> = {
  'queue one': async (one) => {
    const [incident = ''] = await detected(one.store, one.next, ++one.next);
    return () => one.store.transition({ incident, to: 'queued', who: 'intake', why: 'approval.start is auto' });
  },
  'take the next':
    async ({ store }) =>
    async () => {
      const taken = await store.claimNext('bench', 60_000);
      if (!taken) throw new Error('nothing was queued');
      await store.releaseLease(taken.incident, 'bench');
    },
  'look at the next five':
    async ({ store }) =>
    () =>
      store.queued(5),
};

try {
  const both: Filled[] = [];
  for (const size of SIZES) both.push(await filled(size));
  for (const [name, prepare] of Object.entries(STEPS)) {
    const times = both.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round++)
      for (const [at, one] of both.entries()) {
        const step = await prepare(one);
        const start = performance.now();
        await step();
        times[at]?.push(performance.now() - start);
      }
    const [few = Number.NaN, many = Number.NaN] = times.map(median);
    const ratio = many / few;
    console.log(
      `${name}: ${few.toFixed(3)} ms of ${SIZES[0]}, ${many.toFixed(3)} ms of ${SIZES[1].toLocaleString('en')} queued: ratio ${ratio.toFixed(2)} (allowed ${ALLOWED_RATIO})`,
    );
    if (!(ratio <= ALLOWED_RATIO)) process.exitCode = 1;
  }
  for (const { db } of both) db.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
