/** Which incident waits for which other one, that probably explains it; at most once in a round. */
export const LINKS = `
CREATE TABLE links (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  root TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('same_error', 'alert', 'upstream', 'cause')),
  why TEXT NOT NULL,
  at TEXT NOT NULL,
  until TEXT NOT NULL,
  released_at TEXT,
  released_why TEXT,
  PRIMARY KEY (incident, round)
) STRICT;
CREATE INDEX links_by_root ON links (root);
`;
