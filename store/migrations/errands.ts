/** What is to be done after an intake, and the messages of chats that are kept up to date with an incident. */
export const ERRANDS = `
CREATE TABLE errands (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  payload_json TEXT NOT NULL,
  tries INTEGER NOT NULL,
  due_at_ms INTEGER NOT NULL,
  done_at_ms INTEGER,
  why TEXT
) STRICT;
CREATE INDEX errands_waiting ON errands (due_at_ms) WHERE done_at_ms IS NULL;

CREATE TABLE chat_messages (
  chat TEXT NOT NULL,
  channel TEXT NOT NULL,
  ts TEXT NOT NULL,
  incident TEXT NOT NULL,
  shown TEXT NOT NULL,
  tries INTEGER NOT NULL,
  due_at_ms INTEGER NOT NULL,
  PRIMARY KEY (chat, channel, ts)
) STRICT, WITHOUT ROWID;

CREATE TABLE chat_hints (
  chat TEXT NOT NULL,
  person TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (chat, person)
) STRICT, WITHOUT ROWID;
`;
