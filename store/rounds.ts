/** What became of each round of each incident: one row a round, read from what was recorded, for figures over many. */
import type { Database } from './sqlite.ts';

export interface Round {
  incident: string;
  round: number;
  source: string;
  /** Class of the error; null when no cause was recorded. */
  failure_type: string | null;
  /** ISO 8601: the first occurrence, or what took the incident back for a later round. */
  began_at: string;
  /** When it was first proposed, rejected or escalated. */
  closed_at: string;
  /** When it first came into the state in this round; null when it never did. */
  proposed_at: string | null;
  merged_at: string | null;
  rejected_at: string | null;
  rolled_back_at: string | null;
  escalated_at: string | null;
  /** When the proposal was first made; null without one. */
  proposal_at: string | null;
  /** How often an open proposal went back to work. */
  reworked: number;
  /** 1 when what was merged is not what was proposed: people changed it. */
  changed: number;
  /** The error came back after this round had ended well. */
  recurred: number;
  /** Attempts at a fix; 2 and more are corrective retries. */
  attempts: number;
  /** 1 when a tree passed in the second attempt. */
  recovered: number;
  /** US dollars, of all runs of the round. */
  cost_usd: number;
}

/** Why a proven fix of a dry run waits for a person, in the row of that step. */
export const DRY_RUN = 'dry run';

/** From `since` on, and before `until`; both ISO 8601. `dryRun`: what a dry run proved counts as proposed. */
export interface Span {
  since: string;
  until?: string | undefined;
  dryRun?: boolean | undefined;
}

/** Later than any row. */
const EVER = '9999';

const proposedNow = `to_status = 'proposed'`;
const proposedOrWould = `(${proposedNow} OR (to_status = 'awaiting_publish' AND why = '${DRY_RUN}'))`;

const firstTime = (name: string, condition = `to_status = '${name}'`) =>
  `(SELECT min(at) FROM transitions t WHERE t.incident = r.incident AND t.round = r.round AND ${condition}) AS ${name}_at`;

/**
 * Rounds that came to an end in the time: proposed, rejected or escalated. Oldest first. A pass counts for the attempt in
 * whose time it was recorded.
 */
export function closedRounds(database: Database, { since, until = EVER, dryRun = false }: Span): Round[] {
  const proposed = dryRun ? proposedOrWould : proposedNow;
  return database.all<Round>(
    `WITH r AS (
       SELECT incident, round, min(at) AS opened_at,
         min(CASE WHEN ${proposed} OR to_status IN ('rejected', 'escalated') THEN at END) AS closed_at
       FROM transitions GROUP BY incident, round
       HAVING closed_at >= :since AND closed_at < :until),
     second AS (
       SELECT incident, round, min(started_at) AS from_at FROM runs WHERE phase = 'fix' AND attempt = 2 GROUP BY incident, round),
     third AS (
       SELECT incident, round, min(started_at) AS from_at FROM runs WHERE phase = 'fix' AND attempt = 3 GROUP BY incident, round)
     SELECT r.incident, r.round, r.closed_at, i.source, d.failure_type,
       CASE r.round WHEN 1 THEN i.first_seen ELSE r.opened_at END AS began_at,
       ${firstTime('proposed', proposed)},
       ${['merged', 'rejected', 'rolled_back', 'escalated'].map((state) => firstTime(state)).join(',\n       ')},
       p.at AS proposal_at,
       (SELECT count(*) FROM transitions t WHERE t.incident = r.incident AND t.round = r.round
          AND t.from_status = 'proposed' AND t.to_status = 'queued')
         -- Brought onto a base that moved, it is the same fix.
         - (SELECT count(DISTINCT f.proposal) FROM follow_ups f WHERE f.incident = r.incident AND f.round = r.round
            AND f.kind = 'base' AND NOT EXISTS (SELECT 1 FROM follow_ups o WHERE o.incident = f.incident
              AND o.round = f.round AND o.proposal = f.proposal AND o.kind IN ('review', 'ci'))) AS reworked,
       EXISTS (SELECT 1 FROM merges m WHERE m.incident = r.incident AND m.round = r.round AND m.unchanged = 0) AS changed,
       EXISTS (SELECT 1 FROM transitions t WHERE t.incident = r.incident AND t.round = r.round + 1
          AND t.from_status IN ('resolved', 'rolled_back') AND t.to_status = 'detected') AS recurred,
       coalesce((SELECT max(attempt) FROM runs u WHERE u.incident = r.incident AND u.round = r.round AND u.phase = 'fix'), 0) AS attempts,
       EXISTS (SELECT 1 FROM verifications v WHERE v.incident = r.incident AND v.round = r.round AND v.verdict = 'pass'
          AND v.at >= second.from_at AND (third.from_at IS NULL OR v.at < third.from_at)) AS recovered,
       coalesce((SELECT sum(cost_usd) FROM runs u WHERE u.incident = r.incident AND u.round = r.round), 0) AS cost_usd
     FROM r JOIN incidents i ON i.incident = r.incident
     LEFT JOIN diagnoses d ON d.incident = r.incident AND d.round = r.round
     LEFT JOIN proposals p ON p.incident = r.incident AND p.round = r.round
     LEFT JOIN second ON second.incident = r.incident AND second.round = r.round
     LEFT JOIN third ON third.incident = r.incident AND third.round = r.round
     ORDER BY r.closed_at, r.incident`,
    { since, until },
  );
}
