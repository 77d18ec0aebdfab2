/** Hand-overs and who has been told of them; `channel` is empty while nobody looked up whom to tell. */
export const NOTICES = `
CREATE TABLE hand_overs (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  payload_json TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (incident, round)
) STRICT;

CREATE TABLE notices (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  channel TEXT NOT NULL,
  tries INTEGER NOT NULL,
  first_ms INTEGER,
  due_at_ms INTEGER NOT NULL,
  done_at_ms INTEGER,
  why TEXT,
  PRIMARY KEY (incident, round, channel)
) STRICT;
CREATE INDEX notices_waiting ON notices (channel, due_at_ms) WHERE done_at_ms IS NULL;
`;
