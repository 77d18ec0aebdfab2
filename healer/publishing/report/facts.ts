/** What a report is made from: rows and trees, nothing that a model writes about its own result. */
import type { ErrorEvent } from '../../../events/event.ts';
import type { Change } from '../../../gate/changes.ts';
import type { CheckName, Finding, Verification } from '../../../gate/verification.ts';
import type { IncidentRecord } from '../../../store/incidents.ts';
import type { SubtaskState } from '../../../store/plans.ts';
import type { CostBasis, RunPart, RunPhase } from '../../../store/runs.ts';

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

/** One call on the way of the error. */
export interface ChainFrame {
  /** Repository-relative where it could be mapped. */
  file: string;
  line: number | undefined;
  function: string | undefined;
  /** What stands in that line on the base; undefined where the base has no such line. */
  code: string | undefined;
}

export interface CauseChain {
  /** The caller first, the place that threw last; empty when the error came without any place. */
  frames: ChainFrame[];
  /** Outer frames of the application that are not among them. */
  leftOut: number;
}

/** One verdict that counted or was advice; equal ones in a row are one. */
export interface JudgedFacts {
  verdict: Verification['verdict'];
  tree: string;
  /** Whose: the agent's server, the parent, a person's command. */
  by: string[];
  /** Of the checks that did not let it pass. */
  blocking: { check: CheckName; finding: Finding }[];
  /** Success criteria that did not hold. */
  unmet?: { id: string; found: string }[] | undefined;
}

/** One subtask of a plan, as far as it came. */
export interface SubtaskFacts {
  position: number;
  /** An agent's words. */
  title: string;
  state: SubtaskState;
  why: string;
  /** What it had changed, where that was taken back. */
  diff: string;
}

/** Why a guard stopped a run, and the last calls before it did: the same one several times in a row is one. */
export interface StopFacts {
  why: string;
  /** `outcome`: `ok`, `error`, or the rule that denied it. */
  calls: { call: string; outcome: string; times: number }[];
}

export interface AttemptFacts {
  /** Null: judged outside of every run, such as by a person's approval. */
  attempt: number | null;
  phase: RunPhase | null;
  /** Where its runs were not for the whole fix. */
  part?: RunPart | null | undefined;
  /** How its starts ended, one for each that ended badly. */
  failureModes: string[];
  judged: JudgedFacts[];
  /** Rules by which guards denied calls, and how often. */
  denied: { rule: string; times: number }[];
  /** Of all its starts, US dollars; undefined where nothing is known. */
  cost?: { usd: number; basis: CostBasis | null } | undefined;
  /** Of its starts that a guard stopped. */
  stops?: StopFacts[] | undefined;
}

/** How a round before this one came to its end. */
export interface EarlierRound {
  round: number;
  ended: string;
  who: string;
  why: string;
}

export interface ReportFacts {
  record: IncidentRecord;
  event: ErrorEvent;
  chain: CauseChain;
  diagnosis: DiagnosisFacts | undefined;
  base: { commit: string; branch: string | null };
  /** The verdict that counts (for an escalation: the best one there was); undefined when nothing was verified. */
  verification: Verification | undefined;
  /** Why a person has to decide about publishing it, in the gate's words. */
  needsPerson: string[];
  /** Of this round, in their order. */
  tried: AttemptFacts[];
  /** The plan in its order; absent where there was none. */
  plan?: SubtaskFacts[] | undefined;
  earlierRounds: EarlierRound[];
  /** What the tree changes, file by file. */
  changes: Change[];
  /** The unified diff of the source files among them, redacted. */
  sourceDiff: string;
  /** Who uses the changed source files, tests apart; undefined where the import graph was not built. */
  dependents: { direct: string[]; all: string[] } | undefined;
  /** Scenarios of the incident, as the tree has them. */
  reproductions: { id: string; name: string; command: string }[];
  /** False when no guard recorded a single call of the run. */
  guarded: boolean;
  /** What was noticed on the way: an unreachable remote, a worktree made anew. */
  warnings: string[];
  /** The repository's page on GitHub, such as `https://github.com/owner/name`; undefined elsewhere. */
  web: string | undefined;
  related?: RelatedProposal[] | undefined;
  /** Incidents that wait for this one, with the rule that says so. */
  explains?: { incident: string; why: string }[] | undefined;
}

export type { Change, ErrorEvent, IncidentRecord, Verification };
