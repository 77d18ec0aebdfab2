/**
 * What `verify` judges: the difference between the merge base and what lies in the checkout it is called in; for an
 * incident whose worktree is kept, that worktree against the base it was made on. The verdict is for the reader alone.
 */
import { git, tryGit } from '../context/git.ts';
import { readLaw } from '../context/law.ts';
import { resolveCommit } from '../context/repository.ts';
import type { FailureType } from '../context/schemas/config.ts';
import { UserError } from '../events/errors.ts';
import { eventSchema } from '../events/event.ts';
import { type VerifyOutcome, type VerifyStep, verify } from '../gate/verify.ts';
import { requireIncident } from '../healer/incidents/decisions.ts';
import { workingConfig } from '../healer/incidents/working-config.ts';
import { hasState, type Workbench } from '../healer/workbench.ts';
import { resolveBase } from '../healer/worktrees/base.ts';
import { readRecord } from '../healer/worktrees/record.ts';
import { diagnosisOf } from '../store/diagnoses.ts';
import { refusedDiffs } from '../store/refused-diffs.ts';
import { checkoutRoot } from './repository-paths.ts';

export interface ChangeRequest {
  /** The folder it is called in. */
  cwd: string;
  base?: string | undefined;
  incident?: string | undefined;
  signal: AbortSignal;
  onProgress: (step: VerifyStep) => void;
  onWarning: (text: string) => void;
}

const FETCH_TIMEOUT_MS = 30_000;

export async function judgeChange(bench: Workbench, request: ChangeRequest): Promise<VerifyOutcome> {
  const about = request.incident === undefined ? undefined : await aboutIncident(bench, request.incident);
  const folder = about?.kept?.path ?? (await checkoutRoot(request.cwd));
  const base = request.base === undefined && about?.kept ? about.kept.base : await mergeBase(bench, folder, request);
  return verify({
    repository: bench.repository,
    law: await readLaw(bench.repository, { commit: base }),
    base,
    folder,
    incident: about?.incident,
    diagnosis: about?.diagnosis,
    refusedDiffs: hasState(bench) ? refusedDiffs(bench.db, { limit: 200 }) : [],
    iteration: 1,
    signal: request.signal,
    onProgress: request.onProgress,
  });
}

async function aboutIncident(bench: Workbench, id: string) {
  const record = await requireIncident(bench.incidents, id);
  const kept = await readRecord(bench.repository, id);
  const diagnosis = diagnosisOf(bench.db, id, record.round);
  return {
    incident: { id, event: eventSchema.parse(record.event) },
    diagnosis: diagnosis && { ...diagnosis, failure_type: diagnosis.failure_type as FailureType },
    kept: kept?.round === record.round ? kept : undefined,
  };
}

async function mergeBase(bench: Workbench, folder: string, request: ChangeRequest): Promise<string> {
  const { repository } = bench;
  const { publish } = await workingConfig(repository);
  const network = { timeoutMs: FETCH_TIMEOUT_MS, signal: request.signal };
  const base = await resolveBase(repository, { given: request.base, configured: publish.base, network });
  for (const warning of base.warnings) request.onWarning(warning);
  const head = (await git(['rev-parse', 'HEAD'], { cwd: folder })).trim();
  const found = await tryGit(['merge-base', base.commit, head], { cwd: folder });
  if (found.exit === 0) return resolveCommit(repository, found.stdout.trim());
  throw new UserError(
    `HEAD and ${request.base ?? base.branch ?? 'the base'} have no commit in common that is known here.`,
    'In CI, fetch the whole history (fetch-depth: 0); else give another --base.',
  );
}
