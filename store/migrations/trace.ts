/**
 * Guards: what a step left behind, as far as it is known, and who saw it; a call is one step, whoever tells it. What loop
 * detection keeps for a run's next process and an incident's next attempt, and why a guard stopped a run.
 */
export const TRACE = `
ALTER TABLE steps ADD COLUMN agent_id TEXT NOT NULL DEFAULT '';
ALTER TABLE steps ADD COLUMN tool_use_id TEXT NOT NULL DEFAULT '';
ALTER TABLE steps ADD COLUMN input_digest TEXT;
ALTER TABLE steps ADD COLUMN output_digest TEXT;
ALTER TABLE steps ADD COLUMN tree TEXT;
ALTER TABLE steps ADD COLUMN failing_json TEXT;
ALTER TABLE steps ADD COLUMN observed TEXT CHECK (observed IN ('hooks', 'stream', 'transcript'));
CREATE UNIQUE INDEX steps_by_call ON steps (run, tool_use_id) WHERE tool_use_id <> '';

CREATE TABLE loop_states (
  key TEXT PRIMARY KEY,
  incident TEXT,
  state_json TEXT NOT NULL
) STRICT;

CREATE TABLE loop_points (
  seq INTEGER PRIMARY KEY,
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  run TEXT NOT NULL,
  point_json TEXT NOT NULL
) STRICT;
CREATE INDEX loop_points_by_incident ON loop_points (incident, seq);

CREATE TABLE stopped_runs (
  run TEXT PRIMARY KEY,
  rule TEXT NOT NULL,
  evidence TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
`;
