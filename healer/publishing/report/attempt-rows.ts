/** What was tried before, from the rows of runs, steps, verdicts and transitions. */
import { redact } from '../../../events/redact.ts';
import { blockingChecks, type Verification, verificationSchema } from '../../../gate/verification.ts';
import type { Transition } from '../../../store/incidents.ts';
import { subtasksOf } from '../../../store/plans.ts';
import { type Run, runsOf } from '../../../store/runs.ts';
import type { Database } from '../../../store/sqlite.ts';
import { lastSteps } from '../../../store/steps.ts';
import { type VerificationRow, verificationsOf } from '../../../store/verifications.ts';
import { subtaskSchema } from '../../fixes/subtask.ts';
import { weakestBasis } from '../../runs/cost-words.ts';
import type { AttemptFacts, EarlierRound, JudgedFacts, SubtaskFacts } from './facts.ts';
import { stopsIn } from './stop-rows.ts';

/** Steps of a run that are looked through for denied calls. */
const STEPS = 2000;

/** The starts of one attempt (an API that did not answer, a session gone on with) are one. */
export function attemptsOf(database: Database, incident: string, round: number): AttemptFacts[] {
  const attempts: (AttemptFacts & { runs: Run[] })[] = [];
  for (const run of runsOf(database, incident, round)) {
    const known = attempts.find(({ attempt, phase }) => attempt === run.attempt && phase === run.phase);
    if (known) known.runs.push(run);
    else
      attempts.push({
        attempt: run.attempt,
        phase: run.phase,
        part: run.part,
        failureModes: [],
        judged: [],
        denied: [],
        runs: [run],
      });
  }
  const outside: AttemptFacts & { runs: Run[] } = {
    attempt: null,
    phase: null,
    failureModes: [],
    judged: [],
    denied: [],
    runs: [],
  };
  for (const row of verificationsOf(database, incident, round)) {
    const of = attempts.find(({ runs }) => runs.some(({ id }) => id === row.run)) ?? outside;
    addVerdict(of.judged, row);
  }
  for (const attempt of attempts) {
    attempt.failureModes = attempt.runs.flatMap(({ failure_mode }) => failure_mode ?? []);
    attempt.cost = costOf(attempt.runs);
    attempt.denied = deniedIn(database, attempt.runs);
    attempt.stops = stopsIn(database, attempt.runs);
  }
  const all = outside.judged.length > 0 ? [...attempts, outside] : attempts;
  return all.map(({ runs: _, ...attempt }) => attempt);
}

function costOf(runs: readonly Run[]): AttemptFacts['cost'] {
  const known = runs.filter(({ cost_usd }) => cost_usd !== null);
  if (known.length === 0) return undefined;
  const usd = known.reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0);
  return { usd, basis: weakestBasis(known.map(({ cost_basis }) => cost_basis)) };
}

function addVerdict(judged: JudgedFacts[], { tree, verdict, by, result }: VerificationRow): void {
  const last = judged.at(-1);
  if (last?.tree === tree && last.verdict === verdict) {
    if (!last.by.includes(by)) last.by.push(by);
    return;
  }
  const verification = verificationSchema.parse(result);
  const unmet = (verification.criteria ?? []).filter(({ met }) => !met);
  judged.push({
    tree,
    verdict,
    by: [by],
    blocking: blockingIn(verification),
    unmet: unmet.map(({ id, found }) => ({ id, found: redact(found, { ips: true }) })),
  });
}

/** The plan of the round, in its order. */
export function planFacts(database: Database, incident: string, round: number): SubtaskFacts[] {
  return subtasksOf(database, incident, round).map(({ position, subtask, state, why, diff }) => ({
    position,
    title: redact(subtaskSchema.parse(subtask).title, { ips: true }),
    state,
    why: redact(why, { ips: true }),
    diff: redact(diff, { ips: true }),
  }));
}

/** Redacted: a message may quote what a failed test said. */
function blockingIn(verification: Verification): JudgedFacts['blocking'] {
  return blockingChecks(verification).flatMap((check) =>
    verification.checks[check].findings.map((finding) => ({
      check,
      finding: { ...finding, message: redact(finding.message, { ips: true }) },
    })),
  );
}

function deniedIn(database: Database, runs: readonly Run[]): AttemptFacts['denied'] {
  const times = new Map<string, number>();
  for (const { id } of runs)
    for (const { denied_by } of lastSteps(database, id, STEPS))
      if (denied_by !== null) times.set(denied_by, (times.get(denied_by) ?? 0) + 1);
  return [...times].map(([rule, count]) => ({ rule, times: count }));
}

/** The last step of every round before `round`, without what moved the incident into the new one. */
export function earlierRounds(transitions: readonly Transition[], round: number): EarlierRound[] {
  const ended = new Map<number, EarlierRound>();
  for (const { round: of, to, who, why } of transitions)
    if (of < round) ended.set(of, { round: of, ended: to, who, why });
  return [...ended.values()];
}
