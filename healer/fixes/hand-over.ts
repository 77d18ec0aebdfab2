/** What a person gets with an incident that is handed over: the report, the best patch as a draft branch, and the payload. */
import { readLaw } from '../../context/law.ts';
import { type Config, defaultConfig } from '../../context/schemas/config.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { saveHandOver } from '../../store/notices.ts';
import { addRefusedDiff } from '../../store/refused-diffs.ts';
import { runsOf } from '../../store/runs.ts';
import { verificationsOf } from '../../store/verifications.ts';
import { escalationReport } from '../publishing/report/escalation-report.ts';
import { judgedOn, type Patch, patchOf, rankedVerifications } from '../publishing/report/escalation-rows.ts';
import { writeReport } from '../publishing/report/file.ts';
import { clean, reportFacts } from '../publishing/report/rows.ts';
import type { Workbench } from '../workbench.ts';
import { outsideTree } from '../worktrees/outside-tree.ts';
import { readRecord, type WorktreeRecord } from '../worktrees/record.ts';
import { saveDiff } from '../worktrees/saved-diff.ts';
import { isRegistered } from '../worktrees/worktree.ts';
import { type Draft, keepAsBranch } from './draft-branch.ts';
import { effectiveConfig } from './effective-config.ts';
import { isRefusedForGood } from './refused-for-good.ts';
import { currentTree } from './verified-tree.ts';

/** CONTRACT §5. */
export interface HandOverPayload {
  /** The last run's. */
  job_id: string | null;
  incident: string;
  round: number;
  attempts: number;
  failure_mode: string | null;
  failure_summary: string;
  needs: string;
  requires_action: true;
  /** Path relative to the repository. */
  report: string;
  /** A local branch with the best patch, where there is one that may be kept. */
  branch?: string;
}

export interface HandOver {
  reason: string;
  needs: string;
  failureMode: string | undefined;
  who: string;
}

/** Agents' words at most, each: they travel in messages. */
const WORDS = 8_000;

/** Writes all of it and answers with the payload; done twice, the later one counts. */
export async function writeHandOver(
  bench: Workbench,
  record: IncidentRecord,
  { failureMode, who, ...said }: HandOver,
): Promise<HandOverPayload> {
  const { db, repository } = bench;
  const { incident, round } = record;
  const reason = clean(said.reason.slice(0, WORDS));
  const needs = clean(said.needs.slice(0, WORDS));
  const kept = await keptWorktree(bench, record);
  const config = await configOf(bench, incident, kept);
  const rows = verificationsOf(db, incident, round);
  const judged = kept ? await judgedOn(repository, kept.base, rankedVerifications(rows)) : [];
  const draft = kept && (await draftOf(bench, { record, kept, judged, config }));
  const best = (draft?.judged ?? judged[0])?.verification;
  const patch = await patchFor(bench, kept, best?.tree, config.tests.paths);
  const saved = kept && (await saveKept(bench, kept, config.worktree));
  const runs = runsOf(db, incident, round);
  const base = { commit: kept?.base ?? 'not chosen yet', branch: kept?.base_branch ?? null };
  const warnings = bench.fixes.get(incident)?.warnings ?? [];
  const facts = await reportFacts(bench, { incident, base, warnings }, best, patch.changes);
  const attempts = Math.max(1, ...runs.map(({ attempt }) => attempt));
  const report = await writeReport(
    repository,
    incident,
    escalationReport({
      ...facts,
      ...{ by: who, failureMode, reason, needs, attempts, saved },
      patch: clean(patch.text),
      draft: draft?.branch,
    }),
  );
  const last = rows.at(-1);
  const isRefused = last?.verdict === 'refuse' ? isRefusedForGood(last) : failureMode === 'refused';
  if (patch.text !== '' && isRefused)
    addRefusedDiff(db, { incident, round, reason, diff: patch.text, at: bench.now().toISOString() });
  const payload: HandOverPayload = {
    job_id: runs.at(-1)?.id ?? null,
    incident,
    round,
    attempts,
    failure_mode: failureMode ?? null,
    failure_summary: reason,
    needs,
    requires_action: true,
    report,
    ...(draft && { branch: draft.branch }),
  };
  saveHandOver(db, incident, round, payload, bench.now());
  return payload;
}

async function keptWorktree({ repository }: Workbench, { incident, round }: IncidentRecord) {
  const kept = await readRecord(repository, incident);
  return kept?.round === round ? kept : undefined;
}

/** Where nobody holds the fix, its base's own; where that has errors, nobody knows what it forbids. */
async function configOf(bench: Workbench, incident: string, kept: WorktreeRecord | undefined): Promise<Config> {
  const fix = bench.fixes.get(incident);
  if (fix) return effectiveConfig(bench, fix);
  if (!kept) return defaultConfig();
  return readLaw(bench.repository, { commit: kept.base }).then(
    ({ config }) => config,
    () => ({ ...defaultConfig(), guardrails: { ...defaultConfig().guardrails, forbidden_paths: ['**'] } }),
  );
}

/** A branch that cannot be made takes nothing from the report: the patch stands in it. */
async function draftOf(
  bench: Workbench,
  request: {
    record: IncidentRecord;
    kept: WorktreeRecord;
    judged: Awaited<ReturnType<typeof judgedOn>>;
    config: Config;
  },
): Promise<Draft | undefined> {
  const { record, kept, judged, config } = request;
  return keepAsBranch(bench, {
    ...{ record, judged, base: kept.base },
    forbiddenPaths: config.guardrails.forbidden_paths,
    testPaths: config.tests.paths,
  }).catch(() => undefined);
}

/** Of the best tree that was verified, else of what lies in the worktree. */
async function patchFor(
  bench: Workbench,
  kept: WorktreeRecord | undefined,
  best: string | undefined,
  testPaths: readonly string[],
): Promise<Patch> {
  const nothing = { text: '', changes: [] };
  if (!kept) return nothing;
  const fix = bench.fixes.get(kept.incident);
  const tree = best ?? (fix && (await currentTree(bench, fix)));
  return tree === undefined ? nothing : patchOf(bench.repository, kept.base, tree, testPaths);
}

async function saveKept(
  bench: Workbench,
  kept: WorktreeRecord,
  settings: { link: readonly string[]; root: string },
): Promise<string | undefined> {
  if (!(await isRegistered(bench.repository, kept.path))) return undefined;
  return saveDiff(bench.repository, kept, outsideTree(settings), bench.now());
}
