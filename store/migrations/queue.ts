/**
 * The queue. `turn_ms` is when an incident's turn comes: since when it waits, and later by what a less grave one lets
 * pass before it. As a column of the row it needs no look at the others, so the next one is the first of an index.
 */
export const QUEUE = `
ALTER TABLE incidents ADD COLUMN queued_at_ms INTEGER;
UPDATE incidents SET queued_at_ms = CAST(round((julianday(updated_at) - 2440587.5) * 86400000) AS INTEGER)
  WHERE status IN ('queued', 'healing');
ALTER TABLE incidents ADD COLUMN turn_ms INTEGER GENERATED ALWAYS AS (queued_at_ms + CASE severity
  WHEN 'critical' THEN 0 WHEN 'high' THEN 7200000 WHEN 'medium' THEN 28800000 ELSE 86400000 END) VIRTUAL;
CREATE INDEX incidents_by_turn ON incidents (turn_ms, incident) WHERE status = 'queued';

CREATE TABLE queue_back_off (
  queue INTEGER PRIMARY KEY CHECK (queue = 1),
  why TEXT NOT NULL,
  next TEXT NOT NULL,
  incident TEXT NOT NULL,
  times INTEGER NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL
) STRICT;

CREATE INDEX runs_by_start ON runs (started_at);
`;
