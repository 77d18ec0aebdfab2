import { appendOnly } from './append-only.ts';

/**
 * Approval: of each question one decision, and what came of it. Messages in chats that show how an incident stands: the row
 * is there before the message is, so that it is posted once.
 */
export const APPROVAL = `
CREATE TABLE approval_decisions (
  question TEXT PRIMARY KEY,
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  gate TEXT NOT NULL CHECK (gate IN ('start', 'publish')),
  tree TEXT,
  answer TEXT NOT NULL CHECK (answer IN ('approve', 'skip', 'reject', 'expire')),
  who TEXT NOT NULL,
  channel TEXT NOT NULL,
  reason TEXT,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX approval_decisions_by_incident ON approval_decisions (incident, round);
${appendOnly('approval_decisions')}

CREATE TABLE approval_outcomes (
  question TEXT PRIMARY KEY,
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'void')),
  why TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX approval_outcomes_by_incident ON approval_outcomes (incident, round);
${appendOnly('approval_outcomes')}

CREATE TABLE messages (
  chat TEXT NOT NULL,
  subject TEXT NOT NULL,
  incident TEXT NOT NULL,
  payload_json TEXT NOT NULL,
  place TEXT NOT NULL,
  name TEXT,
  begun INTEGER NOT NULL,
  shown TEXT NOT NULL,
  tries INTEGER NOT NULL,
  due_at_ms INTEGER NOT NULL,
  PRIMARY KEY (chat, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO messages (chat, subject, incident, payload_json, place, name, begun, shown, tries, due_at_ms)
  SELECT chat, 'answer ' || channel || ' ' || ts, incident, 'null', channel, ts, 1, '', tries, due_at_ms FROM chat_messages;
DROP TABLE chat_messages;
`;
