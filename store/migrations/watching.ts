/**
 * Watching: what told of deploys, what each watch rests on and what it measured, and the one rollback that a round may
 * have. A rollback's row is there before anything is done.
 */
export const WATCHING = `
CREATE TABLE deployments (
  id TEXT PRIMARY KEY,
  commit_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  production INTEGER NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deployments_by_time ON deployments (at);

CREATE TABLE watches (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  basis TEXT NOT NULL CHECK (basis IN ('deployment', 'release', 'merge')),
  told_by TEXT NOT NULL,
  release TEXT,
  deployed_at TEXT NOT NULL,
  began_at TEXT NOT NULL,
  looked_at TEXT NOT NULL,
  watched_ms INTEGER NOT NULL,
  sentry_at TEXT,
  sentry_count INTEGER,
  sentry_problem TEXT,
  ended_at TEXT,
  verdict TEXT CHECK (verdict IN ('resolved', 'rolled_back', 'handed_over')),
  why TEXT NOT NULL,
  PRIMARY KEY (incident, round)
) STRICT, WITHOUT ROWID;

CREATE TABLE watch_readings (
  seq INTEGER PRIMARY KEY,
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  at TEXT NOT NULL,
  error_rate REAL,
  p95_ms REAL,
  requests REAL,
  earlier_error_rate REAL,
  earlier_p95_ms REAL,
  problem TEXT
) STRICT;
CREATE INDEX watch_readings_by_incident ON watch_readings (incident, round, seq);

CREATE TABLE rollbacks (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('propose', 'command', 'off')),
  why TEXT NOT NULL,
  at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('due', 'running', 'done', 'failed')),
  branch TEXT,
  commit_id TEXT,
  url TEXT,
  outcome TEXT NOT NULL,
  tries INTEGER NOT NULL,
  due_at_ms INTEGER NOT NULL,
  PRIMARY KEY (incident, round)
) STRICT, WITHOUT ROWID;
`;
