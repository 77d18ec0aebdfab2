/** Where an incident stands for the person in a session: who works on it, what there is of it, and what to type next. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../store/alive.ts';
import { diagnosisOf } from '../../store/diagnoses.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { proposalOf } from '../../store/proposals.ts';
import { runsOf } from '../../store/runs.ts';
import { NEEDS_PERSON } from '../../store/states.ts';
import { latestVerification, type VerificationRow } from '../../store/verifications.ts';
import { reportPath } from '../publishing/report/file.ts';
import type { Workbench } from '../workbench.ts';
import { readRecord } from '../worktrees/record.ts';
import { waitsFor } from './waiting.ts';

export interface Standing {
  /** The newest of the round. */
  verdict?: VerificationRow['verdict'];
  /** True when the root cause of the round is recorded. */
  diagnosed: boolean;
  /** Absolute path of the kept worktree. */
  worktree?: string;
  branch?: string;
  url?: string;
  /** Repository-relative. */
  report?: string;
  /** Who works on it now: `this session`, or `process <number>`. */
  held_by?: string;
  needs_person: boolean;
  /** What a person does next, with the command as it is typed; empty when there is nothing to do. */
  next: string;
}

/** `here`: this session's server holds the fix with its evidence. */
export async function standingOf(bench: Workbench, record: IncidentRecord, here: boolean): Promise<Standing> {
  const { incident, round, status } = record;
  const verdict = latestVerification(bench.db, incident, round)?.verdict;
  const proposal = proposalOf(bench.db, incident, round);
  const kept = await readRecord(bench.repository, incident);
  const worktree = kept?.round === round && existsSync(kept.path) ? kept.path : undefined;
  const report = reportPath(incident);
  const holder = status === 'healing' ? holderOf(bench, record, here) : undefined;
  return {
    diagnosed: diagnosisOf(bench.db, incident, round) !== undefined,
    needs_person: NEEDS_PERSON.includes(status),
    next: nextOf(record, {
      here,
      holder,
      report,
      at: proposal?.url ?? proposal?.branch,
      waitsFor: waitsFor(bench.db, record)?.root,
    }),
    ...(verdict && { verdict }),
    ...(worktree !== undefined && { worktree }),
    ...(proposal && { branch: proposal.branch }),
    ...(proposal?.url && { url: proposal.url }),
    ...(existsSync(join(bench.repository.root, report)) && { report }),
    ...(holder !== undefined && { held_by: holder }),
  };
}

/** A run that has no end and whose process lives; a session's own run counts as long as it holds the fix. */
function holderOf(bench: Workbench, { incident, round }: IncidentRecord, here: boolean): string | undefined {
  if (here) return 'this session';
  const pid = runsOf(bench.db, incident, round).findLast(
    (run) => run.ended_at === null && run.pid !== null && isAlive(run.pid),
  )?.pid;
  return pid === undefined ? undefined : `process ${pid}`;
}

interface Known {
  here: boolean;
  holder: string | undefined;
  report: string;
  /** Where the proposal is. */
  at: string | undefined;
  /** The incident that probably explains it. */
  waitsFor: string | undefined;
}

function nextOf({ incident, status }: IncidentRecord, { here, holder, report, at, waitsFor: root }: Known): string {
  const heal = `/self-healing:heal ${incident}`;
  const retry = `\`self-healing retry ${incident}\` in a terminal, then ${heal}`;
  switch (status) {
    case 'settling':
    case 'detected':
    case 'queued':
      return root === undefined
        ? `${heal} starts it.`
        : `It waits for ${root}, which probably explains it; ${heal} starts it now.`;
    case 'awaiting_start':
      return `/self-healing:approve ${incident} lets it be fixed, /self-healing:skip ${incident} does not.`;
    case 'healing':
      return holder === undefined ? `${heal} takes it up again; nobody works on it.` : '';
    case 'verified':
    case 'awaiting_publish':
      return `${
        here
          ? `/self-healing:approve ${incident} publishes it`
          : `\`self-healing approve ${incident}\` in a terminal verifies the kept fix again and publishes it (this session does not hold its evidence)`
      }; \`self-healing reject ${incident} --reason TEXT\` turns it down.`;
    case 'proposed':
      return `Review ${at ?? 'the branch'}; \`self-healing reject ${incident} --reason TEXT\` turns it down.`;
    case 'escalated':
      return `Read ${report}; for another try: ${retry}.`;
    case 'skipped':
    case 'dismissed':
    case 'rejected':
      return `If it is to be fixed all the same: ${retry}.`;
    case 'ignored':
    case 'merged':
    case 'watching':
    case 'resolved':
    case 'rolled_back':
    case 'cancelled':
      return '';
    default:
      return status satisfies never;
  }
}
