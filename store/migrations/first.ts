import { appendOnly } from './append-only.ts';

export const FIRST = `
CREATE TABLE incidents (
  incident TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  severity TEXT NOT NULL,
  count INTEGER NOT NULL,
  error TEXT NOT NULL,
  files_json TEXT NOT NULL,
  source TEXT NOT NULL,
  service TEXT,
  round INTEGER NOT NULL,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  event_json TEXT NOT NULL,
  dismissal_confirmed_by TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX incidents_by_status ON incidents (status);

CREATE TABLE events (
  id TEXT PRIMARY KEY,
  incident TEXT NOT NULL REFERENCES incidents,
  count INTEGER NOT NULL,
  last_seen TEXT NOT NULL,
  received_at TEXT NOT NULL,
  event_json TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_incident ON events (incident, last_seen);

CREATE TABLE transitions (
  id INTEGER PRIMARY KEY,
  incident TEXT NOT NULL REFERENCES incidents,
  round INTEGER NOT NULL,
  from_status TEXT,
  to_status TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX transitions_by_incident ON transitions (incident, id);
${appendOnly('transitions')}

CREATE TABLE leases (
  incident TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('diagnosis', 'fix', 'session')),
  session_id TEXT,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  failure_mode TEXT,
  exit INTEGER,
  terminal_reason TEXT,
  cost_usd REAL,
  input_tokens INTEGER,
  output_tokens INTEGER,
  turns INTEGER,
  pid INTEGER
) STRICT;
CREATE INDEX runs_by_incident ON runs (incident, round);
CREATE INDEX runs_unfinished ON runs (started_at) WHERE ended_at IS NULL;

CREATE TABLE steps (
  run TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  tool TEXT NOT NULL,
  input TEXT NOT NULL,
  outcome TEXT NOT NULL,
  denied_by TEXT,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE diagnoses (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  root_cause TEXT NOT NULL,
  failure_type TEXT NOT NULL,
  affected_files_json TEXT NOT NULL,
  confidence REAL NOT NULL,
  reasoning TEXT NOT NULL,
  at TEXT NOT NULL,
  widened_json TEXT NOT NULL,
  PRIMARY KEY (incident, round)
) STRICT;
CREATE TRIGGER diagnoses_set_once
BEFORE UPDATE OF incident, round, root_cause, failure_type, confidence, reasoning, at ON diagnoses
BEGIN SELECT RAISE(ABORT, 'a diagnosis is set once'); END;

CREATE TABLE plans (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  subtasks_json TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (incident, round)
) STRICT;

CREATE TABLE verifications (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  run TEXT,
  iteration INTEGER NOT NULL,
  tree TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail', 'refuse')),
  result_json TEXT NOT NULL,
  by TEXT NOT NULL CHECK (by IN ('server', 'parent', 'person')),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX verifications_by_incident ON verifications (incident, round, seq);
${appendOnly('verifications')}

CREATE TABLE proposals (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  branch TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  tree TEXT NOT NULL,
  url TEXT,
  status TEXT NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (incident, round)
) STRICT;

CREATE TABLE refused_diffs (
  id INTEGER PRIMARY KEY,
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  reason TEXT NOT NULL,
  diff TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX refused_diffs_by_incident ON refused_diffs (incident);

CREATE TABLE stop_blocks (
  key TEXT PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT;

CREATE TABLE bindings (
  session_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  incident TEXT NOT NULL,
  tool_use_id TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (session_id, agent_id)
) STRICT;

CREATE TABLE cache (
  namespace TEXT NOT NULL,
  key TEXT NOT NULL,
  value_json TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (namespace, key)
) STRICT;
CREATE INDEX cache_by_age ON cache (namespace, at);

CREATE VIRTUAL TABLE incident_search USING fts5 (
  incident UNINDEXED, error, root_cause, fix, lesson, anti_pattern, files,
  tokenize = 'porter unicode61'
);
`;
