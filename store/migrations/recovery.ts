import { appendOnly } from './append-only.ts';

/**
 * Recovery: how each attempt was judged, and a plan carried out part by part. A run makes a plan, or one subtask of it,
 * or (null) the whole fix. Verdicts about a part stand apart, because nothing may ever be published on them.
 */
export const RECOVERY = `
ALTER TABLE runs ADD COLUMN part TEXT CHECK (part IN ('plan', 'subtask'));

CREATE TABLE judged_attempts (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  mode TEXT,
  why TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (incident, round, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE subtasks (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  position INTEGER NOT NULL,
  subtask_json TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'skipped')),
  why TEXT NOT NULL,
  attempt INTEGER,
  before_tree TEXT,
  after_tree TEXT,
  diff TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (incident, round, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE part_verifications (
  seq INTEGER PRIMARY KEY,
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  run TEXT NOT NULL,
  by TEXT NOT NULL,
  tree TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail', 'refuse')),
  result_json TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX part_verifications_by_incident ON part_verifications (incident, round, seq);
${appendOnly('part_verifications')}
`;
