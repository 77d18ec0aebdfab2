/** What a report is made from: rows and trees, nothing that a model writes about its own result. */
import type { ErrorEvent } from '../../events/event.ts';
import type { Change } from '../../gate/changes.ts';
import type { Verification } from '../../gate/verification.ts';
import type { IncidentRecord } from '../../store/incidents.ts';

export interface DiagnosisFacts {
  root_cause: string;
  failure_type: string;
  affected_files: string[];
  confidence: number;
  reasoning: string;
  /** Files that a second diagnosis added, each with its reason. */
  widened: { files: string[]; reason: string }[];
}

/** Another pull request that a reviewer should know of, as the forge tells of it. */
export interface RelatedProposal {
  url: string;
  title: string;
  /** Such as `open`, `merged`, `closed`. */
  state: string;
  why: 'same incident' | 'same files';
  /** Paths that both change. */
  files?: string[];
}

export interface ReportFacts {
  record: IncidentRecord;
  event: ErrorEvent;
  diagnosis: DiagnosisFacts | undefined;
  base: { commit: string; branch: string | null };
  /** The verdict that counts (for an escalation: the best one there was); undefined when nothing was verified. */
  verification: Verification | undefined;
  /** How often the gate judged in this round. */
  iterations: number;
  /** What the tree changes, file by file. */
  changes: Change[];
  /** False when no guard recorded a single call of the run. */
  guarded: boolean;
  /** What was noticed on the way: an unreachable remote, a worktree made anew. */
  warnings: string[];
  related?: RelatedProposal[] | undefined;
}

export type { Change, ErrorEvent, IncidentRecord, Verification };
