/**
 * The tables, as a list of steps: a database at `user_version` n has had the first n. A step that has shipped is never
 * edited; a change is a new step. Times are ISO 8601 text in UTC, `*_json` columns hold JSON.
 *
 * Only `transitions` and `events` point at `incidents`: a fleet may keep incidents in another database while the
 * rest stays here.
 */

/** Rows that are evidence: written once. */
function appendOnly(table: string): string {
  return ['UPDATE', 'DELETE']
    .map(
      (verb) => `
CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`,
    )
    .join('');
}

const FIRST = `
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

/** Pull requests: what a proposal is for, which commits this machine made itself, and why publishing did not succeed. */
const PULL_REQUESTS = `
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

/**
 * Guards: what a step left behind, as far as it is known, and who saw it; a call is one step, whoever tells it. What loop
 * detection keeps for a run's next process and an incident's next attempt, and why a guard stopped a run.
 */
const TRACE = `
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

/** Intake: which deliveries came already, and the errors that a person told to leave alone from a terminal. */
const INTAKE = `
CREATE TABLE deliveries (
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_by_age ON deliveries (at_ms);

CREATE TABLE mutes (
  fingerprint TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  until TEXT NOT NULL,
  who TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

ALTER TABLE events ADD COLUMN severity TEXT;
ALTER TABLE events ADD COLUMN source TEXT;
UPDATE events SET severity = json_extract(event_json, '$.severity'), source = json_extract(event_json, '$.source');
CREATE INDEX events_by_receipt ON events (incident, received_at, severity, source, count);
`;

/** Which incident waits for which other one, that probably explains it; at most once in a round. */
const LINKS = `
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

/** What is to be done after an intake, and the messages of chats that are kept up to date with an incident. */
const ERRANDS = `
CREATE TABLE errands (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  payload_json TEXT NOT NULL,
  tries INTEGER NOT NULL,
  due_at_ms INTEGER NOT NULL,
  done_at_ms INTEGER,
  why TEXT
) STRICT;
CREATE INDEX errands_waiting ON errands (due_at_ms) WHERE done_at_ms IS NULL;

CREATE TABLE chat_messages (
  chat TEXT NOT NULL,
  channel TEXT NOT NULL,
  ts TEXT NOT NULL,
  incident TEXT NOT NULL,
  shown TEXT NOT NULL,
  tries INTEGER NOT NULL,
  due_at_ms INTEGER NOT NULL,
  PRIMARY KEY (chat, channel, ts)
) STRICT, WITHOUT ROWID;

CREATE TABLE chat_hints (
  chat TEXT NOT NULL,
  person TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (chat, person)
) STRICT, WITHOUT ROWID;
`;

/**
 * The queue. `turn_ms` is when an incident's turn comes: since when it waits, and later by what a less grave one lets
 * pass before it. As a column of the row it needs no look at the others, so the next one is the first of an index.
 */
const QUEUE = `
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

/** Nothing asks for the newest event of an incident by its index, and every event paid for it. */
const ONE_INDEX_OF_EVENTS = 'DROP INDEX events_by_incident;';

/**
 * Brakes and the live view: how proposals fared in the order in which it was decided, when a person said that healing may
 * go on, what a run's cost rests on, and what an incident in work is busy with.
 */
const BRAKES = `
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

/**
 * Approval: of each question one decision, and what came of it. Messages in chats that show how an incident stands: the row
 * is there before the message is, so that it is posted once.
 */
const APPROVAL = `
CREATE TABLE approval_decisions (
  question TEXT PRIMARY KEY,
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  gate TEXT NOT NULL CHECK (gate IN ('start', 'publish')),
  tree TEXT,
  answer TEXT NOT NULL CHECK (answer IN ('approve', 'skip', 'reject', 'expire')),
  who TEXT NOT NULL,
  channel TEXT NOT NULL,
  reason TEXT,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX approval_decisions_by_incident ON approval_decisions (incident, round);
${appendOnly('approval_decisions')}

CREATE TABLE approval_outcomes (
  question TEXT PRIMARY KEY,
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'void')),
  why TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX approval_outcomes_by_incident ON approval_outcomes (incident, round);
${appendOnly('approval_outcomes')}

CREATE TABLE messages (
  chat TEXT NOT NULL,
  subject TEXT NOT NULL,
  incident TEXT NOT NULL,
  payload_json TEXT NOT NULL,
  place TEXT NOT NULL,
  name TEXT,
  begun INTEGER NOT NULL,
  shown TEXT NOT NULL,
  tries INTEGER NOT NULL,
  due_at_ms INTEGER NOT NULL,
  PRIMARY KEY (chat, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO messages (chat, subject, incident, payload_json, place, name, begun, shown, tries, due_at_ms)
  SELECT chat, 'answer ' || channel || ' ' || ts, incident, 'null', channel, ts, 1, '', tries, due_at_ms FROM chat_messages;
DROP TABLE chat_messages;
`;

/** Hand-overs and who has been told of them; `channel` is empty while nobody looked up whom to tell. */
const NOTICES = `
CREATE TABLE hand_overs (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  payload_json TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (incident, round)
) STRICT;

CREATE TABLE notices (
  incident TEXT NOT NULL,
  round INTEGER NOT NULL,
  channel TEXT NOT NULL,
  tries INTEGER NOT NULL,
  first_ms INTEGER,
  due_at_ms INTEGER NOT NULL,
  done_at_ms INTEGER,
  why TEXT,
  PRIMARY KEY (incident, round, channel)
) STRICT;
CREATE INDEX notices_waiting ON notices (channel, due_at_ms) WHERE done_at_ms IS NULL;
`;

/**
 * Recovery: how each attempt was judged, and a plan carried out part by part. A run makes a plan, or one subtask of it,
 * or (null) the whole fix. Verdicts about a part stand apart, because nothing may ever be published on them.
 */
const RECOVERY = `
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

/**
 * Proposals that are followed until people have decided: what was found on one that work follows from, each once; what one
 * came to; and where each stands, in words. `proposal`: the how-manyth time that the round was proposed.
 */
const FOLLOWING = `
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

/**
 * Watching: what told of deploys, what each watch rests on and what it measured, and the one rollback that a round may
 * have. A rollback's row is there before anything is done.
 */
const WATCHING = `
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

/** Accepted deliveries whose events are not counted yet, and the incidents that grew by those that were since. */
const INBOX = `
CREATE TABLE inbox (
  seq INTEGER PRIMARY KEY,
  failed TEXT,
  events_json TEXT NOT NULL
) STRICT;

CREATE TABLE grown (
  incident TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
`;

export const MIGRATIONS: readonly string[] = [
  FIRST,
  PULL_REQUESTS,
  TRACE,
  INTAKE,
  LINKS,
  ERRANDS,
  QUEUE,
  ONE_INDEX_OF_EVENTS,
  BRAKES,
  APPROVAL,
  NOTICES,
  RECOVERY,
  FOLLOWING,
  WATCHING,
  INBOX,
];
