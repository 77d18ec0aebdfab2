import { setImmediate } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { deliverTogether } from '../../../healer/intake/group-commit.ts';
import type { EventRow } from '../../../store/incidents.ts';
import { sqliteIncidents } from '../../../store/sqlite-incidents.ts';
import { eventRow } from '../../store/incidents.contract.ts';
import { temporaryState } from '../../store/temporary.ts';

function store() {
  const database = temporaryState();
  const incidents = sqliteIncidents(database);
  const sizes: number[] = [];
  const counting: Pick<typeof incidents, 'deliverAll'> = {
    deliverAll(deliveries) {
      sizes.push(deliveries.length);
      return incidents.deliverAll(deliveries);
    },
  };
  const deliver = (event: unknown) =>
    deliverTogether(counting, { source: 'generic', id: undefined, events: [event as EventRow] });
  return { database, sizes, deliver };
}

it('writes what comes at the same time in one transaction, and answers each for itself', async () => {
  const { deliver, sizes, database } = store();
  const broken = { ...eventRow(), count: null };
  const answers = await Promise.allSettled([deliver(eventRow()), deliver(broken), deliver(eventRow())]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(sizes).toEqual([3]);
  expect(database.get('SELECT count(*) AS events FROM events')).toEqual({ events: 2 });
  await deliver(eventRow());
  expect(sizes).toEqual([3, 1]);
});

it('refuses all when the database does, and goes on when it is there again', async () => {
  const { deliver, database } = store();
  database.run('ALTER TABLE events RENAME TO gone');
  expect((await Promise.allSettled([deliver(eventRow()), deliver(eventRow())])).map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
  ]);
  database.run('ALTER TABLE gone RENAME TO events');
  expect(await deliver(eventRow())).toMatchObject({ duplicate: false });
});

it('waits for as many as the last time, and no longer than a while', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { deliver, sizes } = store();
  const turns = async () => {
    for (let turn = 0; turn < 30; turn++) await setImmediate();
  };
  await Promise.all([deliver(eventRow()), deliver(eventRow()), deliver(eventRow())]);
  const two = [deliver(eventRow()), deliver(eventRow())];
  await turns();
  expect(sizes).toEqual([3]);
  await Promise.all([...two, deliver(eventRow())]);
  expect(sizes).toEqual([3, 3]);
  const alone = deliver(eventRow());
  await turns();
  expect(sizes).toEqual([3, 3]);
  vi.advanceTimersByTime(5);
  expect(await alone).toMatchObject({ duplicate: false });
  await deliver(eventRow());
  expect(sizes).toEqual([3, 3, 1, 1]);
});
