/**
 * The tool `escalate`, and every other way a fix is handed over: the report is written, the patch is kept, the incident
 * waits for a person.
 */
import { defaultConfig } from '../../context/schemas/config.ts';
import { UserError } from '../../events/errors.ts';
import { oneLine } from '../../events/plain-text.ts';
import { addRefusedDiff } from '../../store/refused-diffs.ts';
import { runsOf } from '../../store/runs.ts';
import type { IncidentStatus } from '../../store/states.ts';
import { verificationsOf } from '../../store/verifications.ts';
import { requireIncident } from '../incidents/decisions.ts';
import { escalationReport } from '../publishing/report/escalation-report.ts';
import { bestVerification, type Patch, patchOf } from '../publishing/report/escalation-rows.ts';
import { writeReport } from '../publishing/report/file.ts';
import { clean, reportFacts } from '../publishing/report/rows.ts';
import type { Workbench } from '../workbench.ts';
import { outsideTree } from '../worktrees/outside-tree.ts';
import { readRecord, type WorktreeRecord } from '../worktrees/record.ts';
import { saveDiff } from '../worktrees/saved-diff.ts';
import { isRegistered } from '../worktrees/worktree.ts';
import { endSessionRun } from './end-run.ts';
import { isRefusedForGood } from './refused-for-good.ts';
import { closeFix } from './require-fix.ts';
import { currentTree } from './verified-tree.ts';

export interface EscalateRequest {
  incident: string;
  reason: string;
  needs: string;
  /** The mode of the last attempt; none when the agent hands over by itself. */
  failureMode?: string | undefined;
  /** `agent` (default), `heal`, … */
  who?: string | undefined;
}

/** CONTRACT §5, and what the tool answers. */
export interface Escalation {
  status: 'escalated';
  /** Path of the report, relative to the repository. */
  report: string;
  payload: {
    job_id: string | null;
    incident: string;
    round: number;
    attempts: number;
    failure_mode: string | null;
    failure_summary: string;
    needs: string;
    requires_action: true;
    report: string;
    branch?: string;
  };
}

const FROM: IncidentStatus[] = ['healing', 'queued', 'awaiting_start', 'awaiting_publish'];

/** Throws UserError when the incident is not in work. */
export async function escalate(bench: Workbench, request: EscalateRequest): Promise<Escalation> {
  const { incident, failureMode } = request;
  const who = request.who ?? 'agent';
  const record = await requireIncident(bench.incidents, incident);
  if (record.status === 'verified')
    await bench.incidents.transition({ incident, to: 'awaiting_publish', from: ['verified'], who, why: 'handed over' });
  else if (!FROM.includes(record.status))
    throw new UserError(`${incident} is ${record.status}; there is nothing to hand over.`, '', 'not_allowed');

  const fix = bench.fixes.get(incident);
  const kept = await readRecord(bench.repository, incident);
  const round = kept?.round === record.round ? kept : undefined;
  const rows = verificationsOf(bench.db, incident, record.round);
  const best = bestVerification(rows);
  const patch = await patchFor(bench, round, best?.tree);
  const saved = round && (await saveKept(bench, round, (fix?.law.config ?? defaultConfig()).worktree));
  const runs = runsOf(bench.db, incident, record.round);
  const facts = await reportFacts(
    bench,
    {
      incident,
      base: { commit: round?.base ?? 'not chosen yet', branch: round?.base_branch ?? null },
      warnings: fix?.warnings ?? [],
    },
    best,
    patch.changes,
  );
  const reason = clean(request.reason);
  const needs = clean(request.needs);
  const attempts = Math.max(1, ...runs.map(({ attempt }) => attempt));
  const text = escalationReport({
    ...facts,
    by: who,
    failureMode,
    reason,
    needs,
    attempts,
    patch: clean(patch.text),
    saved,
  });
  const report = await writeReport(bench.repository, incident, text);
  const last = rows.at(-1);
  if (patch.text !== '' && (last?.verdict === 'refuse' ? isRefusedForGood(last) : failureMode === 'refused'))
    addRefusedDiff(bench.db, {
      incident,
      round: record.round,
      reason,
      diff: patch.text,
      at: bench.now().toISOString(),
    });

  const moved = await bench.incidents.transition({
    incident,
    to: 'escalated',
    from: FROM,
    who,
    why: oneLineWhy(failureMode, reason),
  });
  if (!moved.ok)
    throw new UserError(
      `${incident} changed its state while it was handed over.`,
      'Look at it with `self-healing show`.',
      'failed',
    );
  if (fix) endSessionRun(bench, fix, failureMode ?? null);
  await closeFix(bench, incident);
  return {
    status: 'escalated',
    report,
    payload: {
      job_id: runs.at(-1)?.id ?? null,
      incident,
      round: record.round,
      attempts,
      failure_mode: failureMode ?? null,
      failure_summary: reason,
      needs,
      requires_action: true,
      report,
    },
  };
}

/** Of the best tree that was verified, else of what lies in the worktree. */
async function patchFor(bench: Workbench, kept: WorktreeRecord | undefined, best: string | undefined): Promise<Patch> {
  if (!kept) return { text: '', changes: [] };
  const fix = bench.fixes.get(kept.incident);
  const tree = best ?? (fix && (await currentTree(bench, fix)));
  const { paths } = (fix?.law.config ?? defaultConfig()).tests;
  return tree === undefined ? { text: '', changes: [] } : patchOf(bench.repository, kept.base, tree, paths);
}

async function saveKept(
  bench: Workbench,
  kept: WorktreeRecord,
  settings: { link: readonly string[]; root: string },
): Promise<string | undefined> {
  if (!(await isRegistered(bench.repository, kept.path))) return undefined;
  return saveDiff(bench.repository, kept, outsideTree(settings), bench.now());
}

function oneLineWhy(failureMode: string | undefined, reason: string): string {
  const said = oneLine(reason, 300);
  return failureMode ? `${failureMode}: ${said}` : said || 'handed over';
}
