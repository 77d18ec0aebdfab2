import { appendOnly } from './append-only.ts';

/** Pull requests: what a proposal is for, which commits this machine made itself, and why publishing did not succeed. */
export const PULL_REQUESTS = `
ALTER TABLE proposals ADD COLUMN base_branch TEXT;

CREATE TABLE proposal_commits (
  commit_id TEXT NOT NULL,
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (commit_id, incident, round)
) STRICT;

CREATE TABLE publish_attempts (
  seq INTEGER PRIMARY KEY,
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  state TEXT NOT NULL,
  why TEXT NOT NULL,
  next TEXT NOT NULL,
  url TEXT,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX publish_attempts_by_incident ON publish_attempts (incident, round, seq);
${appendOnly('publish_attempts')}
`;
