/** A fix that is being worked on, as the process that opened it knows it. */
import type { Law } from '../../context/law.ts';
import type { ErrorEvent } from '../../events/event.ts';
import type { MainDigest } from '../../gate/main-checkout.ts';
import type { ScenarioStatus } from '../../gate/run-scenarios.ts';
import type { HeldLease } from '../incidents/lease.ts';

export interface OpenFix {
  incident: string;
  fingerprint: string;
  round: number;
  event: ErrorEvent;
  base: { commit: string; branch: string | null };
  /** The name that the branch will get once there is a proven commit. */
  branch: string;
  /** Absolute path. */
  worktree: string;
  /** Read once, when the fix was opened: the base's, or the main checkout's as it was then. */
  law: Law;
  mainDigest: MainDigest;
  /** Root-relative dependency folders that worktree and main checkout share. */
  links: string[];
  /** The rendered context block. */
  context: string;
  warnings: string[];
  /** The run that iterations and steps are counted under; undefined where the process runs no agent itself. */
  run: string | undefined;
  /** What `run_scenarios` found on the base in this fix: what a dismissal can point to. */
  baseRuns: { scenario: string; incident: string | undefined; status: ScenarioStatus }[];
  /** A verification of this process saw the reproduction red in the incident's release and green on the base. */
  seenFixed?: boolean;
  /** Undefined in a server that a headless parent started (the parent holds it), and while a person is waited for. */
  lease: HeldLease | undefined;
}
