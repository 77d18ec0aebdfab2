/** The tool `record_diagnosis`: sets the scope of a fix, once; afterwards its files may only become more. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { FailureType } from '../../context/schemas/config.ts';
import { UserError } from '../../events/errors.ts';
import { classifier } from '../../gate/change-kind.ts';
import { configLine, liftedBy } from '../../gate/lift.ts';
import { type Diagnosis, diagnosisOf, setDiagnosis, widenDiagnosis } from '../../store/diagnoses.ts';
import type { Workbench } from '../workbench.ts';
import { type Autonomy, judgeDiagnosis, personsLine } from './autonomy.ts';
import { effectiveConfig } from './effective-config.ts';
import type { OpenFix } from './open-fix.ts';
import { blockedText, type PreflightOptions, tryTests } from './preflight.ts';
import { closeFix, requireFix } from './require-fix.ts';

export interface DiagnosisInput {
  incident: string;
  root_cause: string;
  failure_type: FailureType;
  /** Repository-relative, or absolute inside the worktree. */
  affected_files: string[];
  /** 0 to 1. */
  confidence: number;
  reasoning: string;
}

export interface DiagnosisResult {
  autonomy: Autonomy;
  /** The scope as it stands now. */
  affected_files: string[];
  /** What the caller does next: one sentence. */
  next: string;
}

/**
 * Throws UserError `not_allowed` when it was recorded but nothing may be fixed (below the threshold; in a session also when
 * the tests cannot run), or when a second call changes what is set.
 */
export async function recordDiagnosis(
  bench: Workbench,
  input: DiagnosisInput,
  options: PreflightOptions = {},
): Promise<DiagnosisResult> {
  const fix = await requireFix(bench, input.incident);
  const files = affectedFiles(fix, input.affected_files);
  const before = diagnosisOf(bench.db, fix.incident, fix.round);
  if (before) return widen(bench, fix, before, { ...input, affected_files: files });

  const { root_cause, failure_type, confidence, reasoning } = input;
  setDiagnosis(bench.db, {
    incident: fix.incident,
    round: fix.round,
    root_cause,
    failure_type,
    affected_files: files,
    confidence,
    reasoning,
    at: bench.now().toISOString(),
  });
  const result = await answer(bench, fix);
  // Headless, the parent tried them before it started anybody.
  if (bench.role === 'session' && result.autonomy === 'fix') await requireRunningTests(bench, fix, options);
  return result;
}

async function requireRunningTests(bench: Workbench, fix: OpenFix, options: PreflightOptions): Promise<void> {
  const tried = await tryTests(bench, fix, options);
  if (tried.status !== 'blocked') return;
  const { why, next } = blockedText(bench, fix, tried, `/self-healing:heal ${fix.incident}`);
  throw new UserError(
    `The diagnosis is recorded. ${why} For a person, not for you: ${next}`,
    'Hand the incident over with escalate, with this as what is needed, and tell the person.',
    'not_allowed',
  );
}

async function widen(
  bench: Workbench,
  fix: OpenFix,
  before: Diagnosis,
  input: DiagnosisInput,
): Promise<DiagnosisResult> {
  if (input.failure_type !== before.failure_type || input.confidence !== before.confidence)
    throw new UserError(
      `The diagnosis of ${fix.incident} is set: failure_type ${before.failure_type}, confidence ${before.confidence}.`,
      'Repeat both as they are; a second call may only add files to affected_files, with the reason in reasoning.',
      'not_allowed',
    );
  const isSource = classifier(fix.law.config.tests.paths);
  const all = [...new Set([...before.affected_files, ...input.affected_files])];
  const sources = all.filter((file) => isSource(file) === 'source');
  const limit = effectiveConfig(bench, fix).guardrails.max_files_changed;
  if (all.length > before.affected_files.length && sources.length > limit)
    throw new UserError(
      `With these the scope would hold ${sources.length} source files; max_files_changed is ${limit}. ${liftedBy(configLine('guardrails', 'max_files_changed', sources.length))}.`,
      'Keep the fix within the files diagnosed so far, or call escalate.',
      'not_allowed',
    );
  widenDiagnosis(bench.db, fix.incident, fix.round, {
    files: input.affected_files,
    reason: input.reasoning,
    at: bench.now().toISOString(),
  });
  return answer(bench, fix);
}

async function answer(bench: Workbench, fix: OpenFix): Promise<DiagnosisResult> {
  const judged = await judgeDiagnosis(bench, fix);
  if (!judged) throw new Error('The diagnosis that was just recorded is not there');
  const { autonomy, confident, diagnosis } = judged;
  if (!confident)
    throw new UserError(
      `The diagnosis is recorded, but its confidence ${diagnosis.confidence} is below the threshold of ${effectiveConfig(bench, fix).guardrails.confidence_threshold}. ${personsLine(judged)}`,
      'Call escalate with what you know and what you need; name the line there.',
      'not_allowed',
    );
  if (autonomy === 'ask') {
    await bench.incidents.transition({
      incident: fix.incident,
      to: 'awaiting_start',
      from: ['healing'],
      who: 'agent',
      why: `the class ${diagnosis.failure_type} is set to "ask"`,
    });
    await closeFix(bench, fix.incident);
  }
  const next = autonomy === 'diagnose' ? `${NEXT.diagnose} ${personsLine(judged)}` : NEXT[autonomy];
  return { autonomy, affected_files: diagnosis.affected_files, next };
}

const NEXT: Record<Autonomy, string> = {
  fix: 'Write the reproduction, then fix the cause in these files.',
  ask: 'Stop here: a person decides whether this class of error may be fixed.',
  diagnose: 'This class of error is diagnosed only: call escalate with the change you would make.',
};

/** Repository-relative and inside; throws UserError for anything else, and for an empty list. */
function affectedFiles(fix: OpenFix, files: string[]): string[] {
  const named = files.map((file) => {
    const path = relative(fix.worktree, resolve(fix.worktree, file)).split(sep).join('/');
    if (path === '' || path.startsWith('../') || path === '..' || isAbsolute(path))
      throw new UserError(
        `"${file.slice(0, 200)}" is not a file inside the worktree ${fix.worktree}.`,
        'Name files relative to the root of the repository.',
      );
    return path;
  });
  if (named.length > 0) return [...new Set(named)];
  throw new UserError('affected_files is empty.', 'Name the source files that a minimal fix has to change.');
}
