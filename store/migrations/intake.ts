/** Intake: which deliveries came already, and the errors that a person told to leave alone from a terminal. */
export const INTAKE = `
CREATE TABLE deliveries (
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_by_age ON deliveries (at_ms);

CREATE TABLE mutes (
  fingerprint TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  until TEXT NOT NULL,
  who TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

ALTER TABLE events ADD COLUMN severity TEXT;
ALTER TABLE events ADD COLUMN source TEXT;
UPDATE events SET severity = json_extract(event_json, '$.severity'), source = json_extract(event_json, '$.source');
CREATE INDEX events_by_receipt ON events (incident, received_at, severity, source, count);
`;
