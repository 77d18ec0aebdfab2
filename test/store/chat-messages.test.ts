import { expect, it } from 'vitest';
import {
  forgetChatMessage,
  forgetHint,
  hintOnce,
  postponeChatMessage,
  saveChatMessage,
  staleChatMessages,
} from '../../store/chat-messages.ts';
import { migrate } from '../../store/migrate.ts';
import { openDatabase } from '../../store/sqlite.ts';
import { sqliteIncidents } from '../../store/sqlite-incidents.ts';
import { eventRow } from './incidents.contract.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, seconds));

it('is stale when it shows another state, or another round, than the incident is in', async () => {
  const database = openDatabase(':memory:');
  migrate(database);
  const store = sqliteIncidents(database, () => at(0));
  const { record } = await store.record(eventRow());
  const { incident } = record;
  const message = { chat: 'slack', channel: 'C0SHOP', ts: '1.1', incident, shown: 'settling 1' };
  saveChatMessage(database, message, at(0));
  const stale = (seconds: number) => staleChatMessages(database, 'slack', at(seconds)).map(({ tries }) => tries);
  expect(stale(0)).toEqual([]);
  await store.transition({ incident, to: 'detected', who: 'test', why: '' });
  expect(stale(0)).toEqual([0]);
  postponeChatMessage(database, message, at(10));
  expect([stale(9), stale(10)]).toEqual([[], [1]]);
  saveChatMessage(database, { ...message, shown: 'detected 1' }, at(10));
  expect(stale(10)).toEqual([]);
  saveChatMessage(database, { ...message, shown: 'detected 2' }, at(10));
  expect(stale(10)).toEqual([0]);
  forgetChatMessage(database, message);
  expect(stale(10)).toEqual([]);
  database.close();
});

it('tells everybody once', () => {
  const database = openDatabase(':memory:');
  migrate(database);
  expect([hintOnce(database, 'slack', 'U1', at(0)), hintOnce(database, 'slack', 'U1', at(1))]).toEqual([true, false]);
  forgetHint(database, 'slack', 'U1');
  expect(hintOnce(database, 'slack', 'U1', at(2))).toBe(true);
  database.close();
});
