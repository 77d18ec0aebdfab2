/**
 * Brakes and the live view: how proposals fared in the order in which it was decided, when a person said that healing may
 * go on, what a run's cost rests on, and what an incident in work is busy with.
 */
export const BRAKES = `
CREATE INDEX transitions_of_proposals ON transitions (id) WHERE to_status IN ('proposed', 'merged', 'rejected');
CREATE INDEX proposals_by_age ON proposals (at);

CREATE TABLE resumes (
  id INTEGER PRIMARY KEY,
  who TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

ALTER TABLE runs ADD COLUMN cost_basis TEXT CHECK (cost_basis IN ('billed', 'subscription', 'estimated'));

CREATE TABLE live (
  incident TEXT PRIMARY KEY,
  phase TEXT NOT NULL,
  doing TEXT NOT NULL,
  since TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
