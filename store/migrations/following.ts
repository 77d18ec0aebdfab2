import { appendOnly } from './append-only.ts';

/**
 * Proposals that are followed until people have decided: what was found on one that work follows from, each once; what one
 * came to; and where each stands, in words. `proposal`: the how-manyth time that the round was proposed.
 */
export const FOLLOWING = `
CREATE TABLE follow_ups (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  key TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('review', 'ci', 'base', 'auto_merge')),
  proposal INTEGER NOT NULL,
  payload_json TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (incident, round, key)
) STRICT;
${appendOnly('follow_ups')}

CREATE TABLE merges (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  commit_id TEXT NOT NULL,
  merged_at TEXT NOT NULL,
  merged_by TEXT NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('pull_request', 'auto_merge', 'git')),
  unchanged INTEGER NOT NULL CHECK (unchanged IN (0, 1)),
  url TEXT,
  at TEXT NOT NULL,
  PRIMARY KEY (incident, round)
) STRICT;
${appendOnly('merges')}

CREATE TABLE standings (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  line TEXT NOT NULL,
  comment_id INTEGER,
  comment TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (incident, round)
) STRICT;
`;
