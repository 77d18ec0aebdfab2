/**
 * Messages of ours in chats that say how an incident stands: a row is there before its message is, and for as long as the
 * message is kept up to date. And whom we told once how to speak to us.
 */
import type { Database } from './sqlite.ts';

export interface ChatMessage {
  /** `slack`, `telegram` */
  chat: string;
  /** What it is about, its kind as the first word. One message for each. */
  subject: string;
  incident: string;
  /** What it is made from, as its kind knows it. */
  payload: unknown;
  /** The chat's own name for where it stands, and for the message; null until it is known to be posted. */
  place: string;
  name: string | null;
  /** It may have been posted: the chat's answer was not heard. */
  begun: boolean;
  /** The version that it shows, `''` for none. */
  shown: string;
  tries: number;
  /** Of what it should show now. */
  version: string;
}

/** Whatever may change what a message shows: where the incident stands, and what people decided about it. */
const VERSION = `coalesce(i.status || ' ' || i.round
  || ' ' || (SELECT count(*) FROM approval_decisions d WHERE d.incident = i.incident)
  || ' ' || (SELECT count(*) FROM approval_outcomes o WHERE o.incident = i.incident), '')`;
const FROM = 'FROM messages m LEFT JOIN incidents i ON i.incident = m.incident';

type Row = Omit<ChatMessage, 'payload' | 'begun'> & { payload_json: string; begun: number };

/** True when it is new: then it is to be posted. */
export function wantMessage(
  database: Database,
  { payload, ...message }: Pick<ChatMessage, 'chat' | 'subject' | 'incident' | 'payload' | 'place'>,
  now: Date,
): boolean {
  const { changes } = database.run(
    `INSERT OR IGNORE INTO messages (chat, subject, incident, payload_json, place, name, begun, shown, tries, due_at_ms)
     VALUES (:chat, :subject, :incident, :payload_json, :place, NULL, 0, '', 0, :now)`,
    { ...message, payload_json: JSON.stringify(payload), now: now.getTime() },
  );
  return changes === 1;
}

/** One that stands in the chat already; `shown` as `incidentVersion` told when its text was made. */
export function savePosted(
  database: Database,
  {
    payload,
    ...message
  }: Pick<ChatMessage, 'chat' | 'subject' | 'incident' | 'payload' | 'place' | 'shown'> & {
    name: string;
  },
  now: Date,
): void {
  database.run(
    `INSERT OR REPLACE INTO messages (chat, subject, incident, payload_json, place, name, begun, shown, tries, due_at_ms)
     VALUES (:chat, :subject, :incident, :payload_json, :place, :name, 1, :shown, 0, :now)`,
    { ...message, payload_json: JSON.stringify(payload), now: now.getTime() },
  );
}

/** What a message about the incident shows when it is made now. */
export function incidentVersion(database: Database, incident: string): string {
  const row = database.get<{ version: string }>(`SELECT ${VERSION} AS version FROM incidents i WHERE i.incident = ?`, [
    incident,
  ]);
  return row?.version ?? '';
}

/** Those that show another version than there is, or none, and may be tried now. */
export function staleMessages(database: Database, chats: readonly string[], now: Date, most = 20): ChatMessage[] {
  return database
    .all<Row>(
      `SELECT m.chat, m.subject, m.incident, m.payload_json, m.place, m.name, m.begun, m.shown, m.tries, ${VERSION} AS version
       ${FROM} WHERE m.chat IN (SELECT value FROM json_each(:chats)) AND m.due_at_ms <= :now
         AND (m.name IS NULL OR m.shown <> ${VERSION})
       ORDER BY m.due_at_ms, m.subject LIMIT :most`,
      { chats: JSON.stringify(chats), now: now.getTime(), most },
    )
    .map(({ payload_json, begun, ...row }) => ({ ...row, payload: JSON.parse(payload_json), begun: begun === 1 }));
}

/** Whether any waits for its next try. */
export function hasPostponedMessages(database: Database, now: Date): boolean {
  return database.get('SELECT 1 AS one FROM messages WHERE due_at_ms > ? LIMIT 1', [now.getTime()]) !== undefined;
}

type Named = Pick<ChatMessage, 'chat' | 'subject'>;

/** Before the chat is asked to post it. */
export function beginMessage(database: Database, { chat, subject }: Named): void {
  database.run('UPDATE messages SET begun = 1 WHERE chat = ? AND subject = ?', [chat, subject]);
}

export function noteShown(
  database: Database,
  { chat, subject }: Named,
  shown: { name: string; place: string; version: string },
  now: Date,
): void {
  database.run(
    `UPDATE messages SET name = :name, place = :place, shown = :version, begun = 1, tries = 0, due_at_ms = :now
     WHERE chat = :chat AND subject = :subject`,
    { chat, subject, ...shown, now: now.getTime() },
  );
}

export function postponeMessage(database: Database, { chat, subject }: Named, due: Date): void {
  database.run('UPDATE messages SET tries = tries + 1, due_at_ms = ? WHERE chat = ? AND subject = ?', [
    due.getTime(),
    chat,
    subject,
  ]);
}

export function forgetMessage(database: Database, { chat, subject }: Named): void {
  database.run('DELETE FROM messages WHERE chat = ? AND subject = ?', [chat, subject]);
}

/** True the first time. */
export function hintOnce(database: Database, chat: string, person: string, now: Date): boolean {
  const { changes } = database.run('INSERT OR IGNORE INTO chat_hints (chat, person, at) VALUES (?, ?, ?)', [
    chat,
    person,
    now.toISOString(),
  ]);
  return changes === 1;
}

export function forgetHint(database: Database, chat: string, person: string): void {
  database.run('DELETE FROM chat_hints WHERE chat = ? AND person = ?', [chat, person]);
}
