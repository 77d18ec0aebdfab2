import { expect, it } from 'vitest';
import { addDecision, endDecision } from '../../store/approvals.ts';
import {
  beginMessage,
  forgetHint,
  forgetMessage,
  hasPostponedMessages,
  hintOnce,
  incidentVersion,
  noteShown,
  postponeMessage,
  staleMessages,
  wantMessage,
} from '../../store/chat-messages.ts';
import { migrate } from '../../store/migrate.ts';
import { MIGRATIONS } from '../../store/schema.ts';
import { type Database, openDatabase } from '../../store/sqlite.ts';
import { sqliteIncidents } from '../../store/sqlite-incidents.ts';
import { eventRow } from './incidents.contract.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, seconds));

async function incidentIn(database: Database) {
  const store = sqliteIncidents(database, () => at(0));
  const { record } = await store.record(eventRow());
  return { store, incident: record.incident };
}

it('is wanted once, is stale until it is posted, and again when the incident or a decision about it changes', async () => {
  const database = openDatabase(':memory:');
  migrate(database);
  const { store, incident } = await incidentIn(database);
  const message = { chat: 'slack', subject: 'question 1', incident, payload: { a: 1 }, place: 'C0SHOP' };
  expect([wantMessage(database, message, at(0)), wantMessage(database, message, at(0))]).toEqual([true, false]);
  const stale = (seconds: number) => staleMessages(database, ['slack'], at(seconds));
  expect(stale(0)).toMatchObject([{ ...message, name: null, begun: false, tries: 0 }]);
  expect(staleMessages(database, ['telegram'], at(0))).toEqual([]);
  beginMessage(database, message);
  postponeMessage(database, message, at(10));
  expect(hasPostponedMessages(database, at(9))).toBe(true);
  expect([stale(9), stale(10)]).toMatchObject([[], [{ begun: true, tries: 1 }]]);
  const post = () =>
    noteShown(database, message, { place: 'C1', name: '1.1', version: incidentVersion(database, incident) }, at(10));
  post();
  expect(stale(10)).toEqual([]);
  await store.transition({ incident, to: 'detected', who: 'test', why: '' });
  expect(stale(10)).toMatchObject([{ place: 'C1', name: '1.1', tries: 0 }]);
  post();
  const decision = { question: 'k', incident, round: 1, gate: 'start', tree: null, answer: 'approve' } as const;
  const who = { who: 'person:a', channel: 'cli', reason: null, at: at(0).toISOString() };
  expect([addDecision(database, { ...decision, ...who }), addDecision(database, { ...decision, ...who })]).toEqual([
    true,
    false,
  ]);
  expect(stale(10)).toHaveLength(1);
  post();
  endDecision(database, decision, { outcome: 'done', why: '', at: at(1).toISOString() });
  expect(stale(10)).toHaveLength(1);
  forgetMessage(database, message);
  expect(stale(10)).toEqual([]);
  database.close();
});

it('keeps the messages that an earlier version posted', async () => {
  const database = openDatabase(':memory:');
  const before = MIGRATIONS.findIndex((step) => step.includes('approval_decisions'));
  for (const step of MIGRATIONS.slice(0, before)) database.exec(step);
  database.exec(`PRAGMA user_version = ${before}`);
  // By hand: what writes incidents now expects the tables of now.
  const incident = 'INC-1a2b3c4d5e6f7890';
  const { fingerprint } = eventRow();
  database.run(
    `INSERT INTO incidents (incident, fingerprint, status, severity, count, error, files_json, source, round, first_seen,
       last_seen, event_json, created_at, updated_at)
     VALUES (?, ?, 'settling', 'high', 1, 'e', '[]', 'log', 1, :at, :at, ?, :at, :at)`.replaceAll(
      ':at',
      `'${at(0).toISOString()}'`,
    ),
    [incident, fingerprint, '{}'],
  );
  database.run("INSERT INTO chat_messages VALUES ('slack', 'C0SHOP', '1.1', ?, 'settling 1', 2, 0)", [incident]);
  migrate(database);
  expect(staleMessages(database, ['slack'], at(0))).toMatchObject([
    { subject: 'answer C0SHOP 1.1', place: 'C0SHOP', name: '1.1', incident },
  ]);
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
