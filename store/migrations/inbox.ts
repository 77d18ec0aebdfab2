/** Accepted deliveries whose events are not counted yet, and the incidents that grew by those that were since. */
export const INBOX = `
CREATE TABLE inbox (
  seq INTEGER PRIMARY KEY,
  failed TEXT,
  events_json TEXT NOT NULL
) STRICT;

CREATE TABLE grown (
  incident TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
`;
