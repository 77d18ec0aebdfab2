/**
 * The tool `verify_fix`, and every verdict that a parent or a person needs: runs the gate on the worktree as it is now,
 * keeps the row, and remembers that this process made it.
 */
import { randomUUID } from 'node:crypto';
import type { FailureType } from '../../context/schemas/config.ts';
import { UserError } from '../../events/errors.ts';
import { type Checkout, openCheckout } from '../../gate/checkout.ts';
import { explain } from '../../gate/explain.ts';
import { type JudgedFinding, judge } from '../../gate/judged-finding.ts';
import { configLine, liftedBy } from '../../gate/lift.ts';
import type { CriterionResult, Verification } from '../../gate/verification.ts';
import { type VerifyStep, verify } from '../../gate/verify.ts';
import { openCache } from '../../store/cache.ts';
import { appendPartVerification, partVerificationsOf } from '../../store/part-verifications.ts';
import { refusedDiffs } from '../../store/refused-diffs.ts';
import { runsOf } from '../../store/runs.ts';
import { appendVerification, type VerificationRow, verificationsOf } from '../../store/verifications.ts';
import { type CriteriaRequest, type Criterion, checkCriteria } from '../recovery/criteria.ts';
import { declaredCriteria } from '../recovery/declared-criteria.ts';
import type { Workbench } from '../workbench.ts';
import { judgeDiagnosis, requireFixable } from './autonomy.ts';
import { effectiveConfig } from './effective-config.ts';
import { writeLesson } from './lesson.ts';
import type { OpenFix } from './open-fix.ts';
import { requireFix } from './require-fix.ts';
import { partOf, type Subtask, subtaskOfRun } from './subtask.ts';
import type { StoredVerification } from './verified-tree.ts';

/** Runs of scenarios that are kept for later advice: those of the last few trees. */
const KEPT_RUNS = 500;

export interface VerifyOptions {
  /** Default: `server`, or `parent` in a parent's process. Only a server's verdicts count as iterations. */
  by?: VerificationRow['by'] | undefined;
  /** The run it belongs to; default: the fix's own. */
  run?: string | undefined;
  signal?: AbortSignal | undefined;
  /** What the agents did that no hook saw: it belongs to the verdict. */
  judgeUnseen?: (() => Promise<JudgedFinding[]>) | undefined;
  /**
   * Judges the worktree as a part of a plan: what can be said before the whole is there, and the part's own criteria. Such a
   * verdict is kept apart, and nothing is published on it. Default: what the run of a headless agent is for.
   */
  subtask?: Subtask | undefined;
  /** Default: those of the round; none in a headless agent's own run, because its parent checks them. */
  criteria?: readonly Criterion[] | undefined;
  /** One line for a person who waits. */
  onProgress?: ((line: string) => void) | undefined;
}

export interface VerifiedFix {
  verification: Verification;
  /** Why a person has to decide about publishing; empty for most. */
  needsPerson: string[];
  /** Cases that are red on the base too: the proposal is a draft. */
  draft: boolean;
  /** The verdict in words. */
  text: string;
}

/** Throws UserError `not_allowed` when the run has no verification left, was refused, or may not be fixed. */
export async function verifyFix(bench: Workbench, incident: string, options: VerifyOptions = {}): Promise<VerifiedFix> {
  const by = options.by ?? (bench.role === 'parent' ? 'parent' : 'server');
  const fix = await requireFix(bench, incident, ['healing', 'verified', 'awaiting_publish']);
  const run = options.run ?? fix.run;
  const config = effectiveConfig(bench, fix);
  const limit = config.recovery.max_iterations;
  const subtask = options.subtask ?? subtaskOfRun(bench, fix);
  refuseInPlanning(bench, fix);
  const same = sameAttempt(bench, fix, run);
  const rows = subtask ? partVerificationsOf : verificationsOf;
  const earlier = rows(bench.db, incident, fix.round).filter((row) => row.by === by && same.has(row.run));
  const judged = await judgeDiagnosis(bench, fix);
  if (by === 'server') {
    refuseWhenOver(incident, earlier, limit);
    if (judged) await requireFixable(bench, fix);
  }
  // Headless, the parent writes it when the agent is gone.
  if (by === 'server' && bench.role === 'session') await writeLesson(bench, fix, options.signal);

  // A headless agent's verdict is advice; every other may be what publishing rests on, and is never served from a cache.
  const cache = bench.role === 'child' ? openCache(bench.db, 'gate_runs', bench.now) : undefined;
  const outcome = await verify({
    repository: bench.repository,
    law: { ...fix.law, config },
    base: fix.base.commit,
    folder: fix.worktree,
    incident: { id: incident, event: fix.event },
    diagnosis: judged && { ...judged.diagnosis, failure_type: judged.diagnosis.failure_type as FailureType },
    main: { digest: fix.mainDigest, links: fix.links },
    refusedDiffs: refusedDiffs(bench.db, { limit: 200 }),
    cache,
    part: subtask !== undefined,
    iteration: earlier.length + 1,
    signal: options.signal,
    onProgress: options.onProgress && tell(options.onProgress),
  });
  cache?.prune(KEPT_RUNS);
  const { needsPerson, draft } = outcome;
  const seen = outcome.verification.checks.reproduction.findings;
  if (seen.some(({ code }) => code === 'reproduction.already_fixed')) fix.seenFixed = true;
  const guarded = withGuards(outcome.verification, (await options.judgeUnseen?.()) ?? []);
  const declared = options.criteria ?? (bench.role === 'child' ? [] : declaredCriteria(bench, fix));
  const criteria = await judgeCriteria(bench, fix, guarded, {
    criteria: subtask?.criteria ?? declared,
    tests: config.tests,
    agentLaw: subtask && { ...fix.law, config },
    signal: options.signal,
  });
  const verification = criteria === undefined ? guarded : { ...guarded, criteria };
  const result: StoredVerification = { ...verification, needs_person: needsPerson, draft };
  if (subtask) keepPart(bench, fix, { by, run: run ?? '', result });
  else keep(bench, fix, { by, run: run ?? null, result });
  const text = explain(verification, {
    needsPerson,
    onPass: subtask && 'This part is done: end here.',
    ...(by === 'server' ? { maxIterations: limit } : {}),
  });
  return { verification, needsPerson, draft, text };
}

/** The verdict is about what the agent did as well: it stands with the guardrails. */
function withGuards(verification: Verification, unseen: readonly JudgedFinding[]): Verification {
  if (unseen.length === 0) return verification;
  const { check } = judge(unseen);
  const { guardrails } = verification.checks;
  const refused = check.status === 'refuse';
  const findings = refused ? [...check.findings, ...guardrails.findings] : [...guardrails.findings, ...check.findings];
  const status = refused || guardrails.status === 'pass' ? check.status : guardrails.status;
  return {
    ...verification,
    verdict: refused ? 'refuse' : verification.verdict,
    checks: { ...verification.checks, guardrails: { ...guardrails, status, findings } },
  };
}

function refuseInPlanning(bench: Workbench, fix: OpenFix): void {
  if (partOf(bench, fix) !== 'plan') return;
  throw new UserError(
    'This run makes a plan; nothing is verified in it.',
    'Call record_plan, or escalate with the reason and what you need.',
    'not_allowed',
  );
}

/** An attempt goes on in another run after the API did not answer: what was counted stays counted. */
function sameAttempt(bench: Workbench, fix: OpenFix, run: string | undefined): Set<string | null> {
  const runs = runsOf(bench.db, fix.incident, fix.round);
  const own = runs.find(({ id }) => id === run);
  if (own === undefined) return new Set([run ?? null]);
  return new Set(
    runs.filter(({ attempt, phase }) => attempt === own.attempt && phase === own.phase).map(({ id }) => id),
  );
}

/** Undefined where the gate is the only one, and after a refusal, which no criterion can mend. */
async function judgeCriteria(
  bench: Workbench,
  fix: OpenFix,
  { verdict, tree }: Verification,
  request: Pick<CriteriaRequest, 'criteria' | 'tests' | 'agentLaw' | 'signal'>,
): Promise<CriterionResult[] | undefined> {
  if (verdict === 'refuse' || request.criteria.every(({ gate }) => gate !== undefined)) return undefined;
  let checkout: Checkout | undefined;
  const open = async () => {
    checkout ??= await openCheckout({
      repository: bench.repository,
      config: fix.law.config.worktree,
      base: fix.base.commit,
      signal: request.signal,
    });
    return checkout;
  };
  try {
    return await checkCriteria({ ...request, verdict, tree, checkout: open });
  } finally {
    await checkout?.close();
  }
}

function refuseWhenOver(incident: string, earlier: readonly Pick<VerificationRow, 'verdict'>[], limit: number): void {
  if (earlier.some(({ verdict }) => verdict === 'refuse'))
    throw new UserError(`The gate refused this run of ${incident}; that is final.`, 'Call escalate.', 'not_allowed');
  if (earlier.length >= limit)
    throw new UserError(
      `This run of ${incident} was verified ${earlier.length} times; ${limit} is the limit. ${liftedBy(configLine('recovery', 'max_iterations', 2 * limit))}.`,
      'Call escalate with what you know and what you need; name the line there.',
      'not_allowed',
    );
}

function keep(
  bench: Workbench,
  fix: OpenFix,
  { by, run, result }: Pick<VerificationRow, 'by' | 'run'> & { result: StoredVerification },
): void {
  const row: VerificationRow = {
    id: randomUUID(),
    incident: fix.incident,
    round: fix.round,
    run,
    iteration: result.iteration,
    tree: result.tree,
    verdict: result.verdict,
    result,
    by,
    at: bench.now().toISOString(),
  };
  appendVerification(bench.db, row);
  bench.seal.sealVerdict(row, fix.base.commit);
}

/** Without a seal: it says nothing about the whole. */
function keepPart(
  bench: Workbench,
  fix: OpenFix,
  { by, run, result }: { by: VerificationRow['by']; run: string; result: StoredVerification },
): void {
  const { incident, round } = fix;
  const { tree, verdict } = result;
  const at = bench.now().toISOString();
  appendPartVerification(bench.db, { incident, round, run, by, tree, verdict, result, at });
}

function tell(onProgress: (line: string) => void): (step: VerifyStep) => void {
  return (step) => {
    switch (step.step) {
      case 'command':
        return onProgress(`running on ${step.at.replace('_', ' + ')}: ${step.command}`);
      case 'waiting':
        return onProgress(`waiting for another verification (process ${step.pid})`);
      case 'tree':
        return onProgress('taking the tree');
      default:
        return onProgress(`checking ${step.step.replaceAll('_', ' ')}`);
    }
  };
}
