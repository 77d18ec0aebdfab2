/** What people decided about incidents that asked for them: of each question one decision, of each decision one outcome. */
import type { Database } from './sqlite.ts';

export type Gate = 'start' | 'publish';

export interface ApprovalDecision {
  /** The key of what was asked: another round, tree or asking has another one. */
  question: string;
  incident: string;
  round: number;
  gate: Gate;
  /** Git tree id of what would be published. */
  tree: string | null;
  /** `expire`: nobody answered in time. */
  answer: 'approve' | 'skip' | 'reject' | 'expire';
  /** `person:<channel>:<who>`, `person:<name>` of a terminal, `serve` for an expiry. */
  who: string;
  channel: string;
  reason: string | null;
  /** ISO 8601. */
  at: string;
}

/** `void`: it came to nothing; where the incident still waits, it is asked again. */
export interface ApprovalOutcome {
  outcome: 'done' | 'void';
  why: string;
  at: string;
}

export type KnownDecision = ApprovalDecision & { outcome: ApprovalOutcome | undefined };

const COLUMNS = 'd.question, d.incident, d.round, d.gate, d.tree, d.answer, d.who, d.channel, d.reason, d.at';
const JOINED = `SELECT ${COLUMNS}, o.outcome, o.why, o.at AS ended_at
  FROM approval_decisions d LEFT JOIN approval_outcomes o ON o.question = d.question`;

type Row = ApprovalDecision & {
  outcome: ApprovalOutcome['outcome'] | null;
  why: string | null;
  ended_at: string | null;
};

/** False when the question was decided already: the first decision counts. */
export function addDecision(database: Database, decision: ApprovalDecision): boolean {
  const { changes } = database.run(
    `INSERT OR IGNORE INTO approval_decisions (question, incident, round, gate, tree, answer, who, channel, reason, at)
     VALUES (:question, :incident, :round, :gate, :tree, :answer, :who, :channel, :reason, :at)`,
    { ...decision },
  );
  return changes === 1;
}

/** The first outcome counts. */
export function endDecision(
  database: Database,
  { question, incident, round }: Pick<ApprovalDecision, 'question' | 'incident' | 'round'>,
  { outcome, why, at }: ApprovalOutcome,
): void {
  database.run(
    `INSERT OR IGNORE INTO approval_outcomes (question, incident, round, outcome, why, at)
     VALUES (:question, :incident, :round, :outcome, :why, :at)`,
    { question, incident, round, outcome, why, at },
  );
}

export function decisionOf(database: Database, question: string): KnownDecision | undefined {
  const row = database.get<Row>(`${JOINED} WHERE d.question = ?`, [question]);
  return row && known(row);
}

/** Oldest first. */
export function decisionsOf(database: Database, incident: string, round: number): KnownDecision[] {
  return database
    .all<Row>(`${JOINED} WHERE d.incident = ? AND d.round = ? ORDER BY d.at, d.rowid`, [incident, round])
    .map(known);
}

/** Those of which nothing has come yet. */
export function openDecisions(database: Database): ApprovalDecision[] {
  return database.all<ApprovalDecision>(
    `SELECT ${COLUMNS} FROM approval_decisions d
     WHERE NOT EXISTS (SELECT 1 FROM approval_outcomes o WHERE o.question = d.question) ORDER BY d.at, d.rowid`,
  );
}

function known({ outcome, why, ended_at, ...decision }: Row): KnownDecision {
  const ended = outcome !== null && ended_at !== null ? { outcome, why: why ?? '', at: ended_at } : undefined;
  return { ...decision, outcome: ended };
}
