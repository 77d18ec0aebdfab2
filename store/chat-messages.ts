/** Messages of ours in chats that say how an incident stands, and whom we told once how to speak to us. */
import type { Database } from './sqlite.ts';

export interface ChatMessage {
  chat: string;
  channel: string;
  /** The chat's own name for the message. */
  ts: string;
  incident: string;
  /** The state that it shows. */
  shown: string;
}

export function saveChatMessage(database: Database, message: ChatMessage, now: Date): void {
  database.run(
    `INSERT OR REPLACE INTO chat_messages (chat, channel, ts, incident, shown, tries, due_at_ms)
     VALUES (:chat, :channel, :ts, :incident, :shown, 0, :now)`,
    { ...message, now: now.getTime() },
  );
}

/** Those that show another state than the incident is in, and may be tried now. */
export function staleChatMessages(database: Database, chat: string, now: Date): (ChatMessage & { tries: number })[] {
  return database.all(
    `SELECT m.chat, m.channel, m.ts, m.incident, m.shown, m.tries FROM chat_messages m
     JOIN incidents i ON i.incident = m.incident
     WHERE m.chat = ? AND m.due_at_ms <= ? AND m.shown <> i.status || ' ' || i.round ORDER BY m.ts LIMIT 20`,
    [chat, now.getTime()],
  );
}

export function postponeChatMessage(database: Database, { chat, channel, ts }: ChatMessage, due: Date): void {
  database.run('UPDATE chat_messages SET tries = tries + 1, due_at_ms = ? WHERE chat = ? AND channel = ? AND ts = ?', [
    due.getTime(),
    chat,
    channel,
    ts,
  ]);
}

export function forgetChatMessage(database: Database, { chat, channel, ts }: ChatMessage): void {
  database.run('DELETE FROM chat_messages WHERE chat = ? AND channel = ? AND ts = ?', [chat, channel, ts]);
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
