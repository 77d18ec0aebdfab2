/**
 * The tool `verify_fix`, and every verdict that a parent or a person needs: runs the gate on the worktree as it is now,
 * keeps the row, and remembers that this process made it.
 */
import { randomUUID } from 'node:crypto';
import type { FailureType } from '../../context/schemas/config.ts';
import { UserError } from '../../events/errors.ts';
import { explain } from '../../gate/explain.ts';
import { type JudgedFinding, judge } from '../../gate/judged-finding.ts';
import { configLine, liftedBy } from '../../gate/lift.ts';
import type { Verification } from '../../gate/verification.ts';
import { type VerifyStep, verify } from '../../gate/verify.ts';
import { openCache } from '../../store/cache.ts';
import { refusedDiffs } from '../../store/refused-diffs.ts';
import { appendVerification, type VerificationRow, verificationsOf } from '../../store/verifications.ts';
import type { Workbench } from '../workbench.ts';
import { judgeDiagnosis, requireFixable } from './autonomy.ts';
import { effectiveConfig } from './effective-config.ts';
import { writeLesson } from './lesson.ts';
import type { OpenFix } from './open-fix.ts';
import { requireFix } from './require-fix.ts';
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
  const earlier = verificationsOf(bench.db, incident, fix.round).filter(
    (row) => row.by === by && row.run === (run ?? null),
  );
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
    iteration: earlier.length + 1,
    signal: options.signal,
    onProgress: options.onProgress && tell(options.onProgress),
  });
  cache?.prune(KEPT_RUNS);
  const { needsPerson, draft } = outcome;
  const seen = outcome.verification.checks.reproduction.findings;
  if (seen.some(({ code }) => code === 'reproduction.already_fixed')) fix.seenFixed = true;
  const verification = withGuards(outcome.verification, (await options.judgeUnseen?.()) ?? []);
  const result: StoredVerification = { ...verification, needs_person: needsPerson, draft };
  keep(bench, fix, { by, run: run ?? null, result });
  const text = explain(verification, { needsPerson, ...(by === 'server' ? { maxIterations: limit } : {}) });
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

function refuseWhenOver(incident: string, earlier: readonly VerificationRow[], limit: number): void {
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
