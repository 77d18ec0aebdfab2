/**
 * Whether a proposal may be merged without a person. Every condition is told with what was found, whether it holds or not:
 * people read them on the pull request and in the report.
 */
import type { Law } from '../../context/law.ts';
import { matches } from '../../context/path-rules.ts';
import type { Config } from '../../context/schemas/config.ts';
import { classifier } from '../../gate/change-kind.ts';
import { changesBetween } from '../../gate/changes.ts';
import { forbiddenPaths } from '../../gate/forbidden-paths.ts';
import { CHECK_NAMES, CHECK_TITLES } from '../../gate/verification.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import type { Proposal } from '../../store/proposals.ts';
import { closedRounds } from '../../store/rounds.ts';
import { verificationsOf } from '../../store/verifications.ts';
import { storedVerificationSchema } from '../fixes/verified-tree.ts';
import { cameBack, mergedUnchanged } from '../metrics/figures.ts';
import type { Workbench } from '../workbench.ts';
import type { Ci } from './github/checks.ts';
import type { Pull } from './github/pull.ts';

export interface Condition {
  name: string;
  holds: boolean;
  /** What was found, to stand in a table. */
  found: string;
}

/** What a class of error has to have behind it, and in what time. */
export const RECORD = { merged: 5, days: 90 };
/** Of the size limits of a fix. */
const SHARE = 0.5;

export interface AutoMergeRequest {
  proposal: Proposal;
  /** The commit it was made from. */
  parent: string;
  law: Law;
  pull: Pull;
  ci: Ci;
  /** Reviews that ask for changes. */
  requests: number;
  /** Tip of the base branch. */
  tip: string;
}

/** Undefined where the base's law does not ask for it. */
export async function autoMergeConditions(
  bench: Workbench,
  request: AutoMergeRequest,
): Promise<Condition[] | undefined> {
  const { config } = request.law;
  if (!config.publish.auto_merge) return undefined;
  return [
    {
      name: 'no person has to review',
      holds: !config.guardrails.require_human_review,
      found: `guardrails.require_human_review is ${config.guardrails.require_human_review}`,
    },
    ...(await aboutChange(bench, request)),
    ...aboutProof(bench, request.proposal),
    aboutRecord(bench, request.proposal),
    ...aboutPull(request),
  ];
}

async function aboutChange(
  { repository }: Workbench,
  { proposal, parent, law: { config, impactMap } }: AutoMergeRequest,
): Promise<Condition[]> {
  const workspace = await openWorkspace(repository);
  const changes = await changesBetween(workspace, parent, proposal.tree, classifier(config.tests.paths));
  const source = changes.filter(({ kind }) => kind === 'source');
  const lines = source.reduce((sum, { added, removed }) => sum + added + removed, 0);
  const most = limitsOf(config);
  const forbidden = forbiddenPaths(config.guardrails.forbidden_paths);
  const risky = changes.flatMap(({ path }) => {
    const pattern = forbidden(path)?.pattern;
    if (pattern !== undefined) return [`${path} (forbidden_paths: ${pattern})`];
    const high = impactMap.risk.find(({ level, files }) => level === 'high' && matches(files, path));
    return high === undefined ? [] : [`${path} (risk: high)`];
  });
  return [
    {
      name: 'small',
      holds: source.length <= most.files && lines <= most.lines,
      found: `${source.length} of ${most.files} source files, ${lines} of ${most.lines} lines (half of the size limits)`,
    },
    {
      name: 'outside of sensitive paths',
      holds: risky.length === 0,
      found: risky.length === 0 ? `none of ${changes.length} files is` : risky.slice(0, 3).join(', '),
    },
  ];
}

function limitsOf({ guardrails }: Config): { files: number; lines: number } {
  return {
    files: Math.floor(guardrails.max_files_changed * SHARE),
    lines: Math.floor(guardrails.max_lines_changed * SHARE),
  };
}

function aboutProof({ db }: Workbench, { incident, round, tree }: Proposal): Condition[] {
  const row = verificationsOf(db, incident, round).findLast((one) => one.tree === tree && one.verdict === 'pass');
  const stored = row && storedVerificationSchema.safeParse(row.result).data;
  if (stored === undefined)
    return [{ name: 'six checks pass', holds: false, found: 'no verdict of this tree is kept' }];
  const short = CHECK_NAMES.filter((name) => stored.checks[name].status !== 'pass');
  const { reproduction } = stored.checks;
  const weak = reproduction.findings.some(({ code }) => code === 'reproduction.weak');
  return [
    {
      name: 'six checks pass',
      holds: short.length === 0,
      found:
        short.length === 0
          ? 'all of them'
          : short.map((name) => `${CHECK_TITLES[name]}: ${stored.checks[name].status}`).join(', '),
    },
    {
      name: 'strong reproduction',
      holds: reproduction.status === 'pass' && !weak,
      found: weak ? 'it is weak' : reproduction.status === 'pass' ? 'red before, green after' : reproduction.status,
    },
    {
      name: 'nothing for a person to decide',
      holds: stored.needs_person.length === 0 && !stored.draft,
      found: stored.needs_person[0] ?? (stored.draft ? 'cases are red on the base too' : 'nothing'),
    },
  ];
}

/** Of its own class: how many were merged as they were, and whether any was wrong. */
function aboutRecord({ db, now }: Workbench, { incident, round }: Proposal): Condition {
  const type = diagnosisOf(db, incident, round)?.failure_type ?? null;
  const since = new Date(now().getTime() - RECORD.days * 86_400_000).toISOString();
  const rounds = closedRounds(db, { since }).filter(({ failure_type }) => type !== null && failure_type === type);
  const merged = rounds.filter((one) => mergedUnchanged(one) && !cameBack(one)).length;
  const wrong = rounds.filter((one) => one.rejected_at !== null || cameBack(one)).length;
  return {
    name: `the record of ${type ?? 'its class'}`,
    holds: merged >= RECORD.merged && wrong === 0,
    found: `${merged} of ${RECORD.merged} merged unchanged, ${wrong} rejected, rolled back or come again, in ${RECORD.days} days`,
  };
}

function aboutPull({ proposal, parent, pull, ci, requests, tip }: AutoMergeRequest): Condition[] {
  const red = ci.checks.filter(({ state }) => state === 'red').length;
  const running = ci.checks.filter(({ state }) => state === 'running').length;
  return [
    {
      name: 'CI is green',
      holds: ci.hidden === undefined && ci.checks.length > 0 && red + running === 0,
      found:
        ci.hidden ??
        (ci.checks.length === 0 ? 'no check ran' : `${ci.checks.length} checks, ${red} red, ${running} not done`),
    },
    {
      name: 'open, ours and ready',
      holds: pull.state === 'open' && !pull.draft && pull.head === proposal.commit && requests === 0,
      found: pull.draft ? 'it is a draft' : requests > 0 ? 'changes are requested' : `it is ${pull.state}`,
    },
    {
      name: `proven on ${pull.base} as it is`,
      holds: tip === parent,
      found:
        tip === parent
          ? `on ${tip.slice(0, 12)}`
          : `proven on ${parent.slice(0, 12)}; ${pull.base} is at ${tip.slice(0, 12)}`,
    },
  ];
}
