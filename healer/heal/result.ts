/** How a `heal` ended: the document that `self-healing heal --json` prints, and the exit code that goes with it. */
import type { Verdict } from '../../gate/verification.ts';
import type { CostBasis } from '../../store/runs.ts';
import type { IncidentStatus } from '../../store/states.ts';
import type { WouldPublish } from '../publishing/preview.ts';
import type { PublishState } from '../publishing/publish-states.ts';
import type { FailureMode } from '../recovery/failure-mode.ts';

export interface HealResult {
  incident: string;
  round: number;
  status: IncidentStatus;
  failure_mode?: FailureMode;
  /** Set when the API did not answer and said how long to wait. */
  retry_after_ms?: number;
  /** The last verdict: the parent's own, or the agent's when it handed over before the parent judged. */
  verdict?: Verdict;
  /** Runs of the fixing agent in this round: corrective retries, a plan and its subtasks counted, waits for the API not. */
  attempts: number;
  branch?: string;
  url?: string;
  /** The fix is proven and kept, but something stood in the way of publishing it: what, and what a person does now. */
  unpublished?: { state: PublishState; next: string };
  /** Of a dry run that proved a fix. */
  would_publish?: WouldPublish;
  /** A workflow of CI asked, and it was tried or proposed before: nothing was started, and nothing is wrong. */
  held_back?: true;
  /** While a proven fix waits for a person: the command that shows exactly what would be published. */
  look?: string;
  /** Path relative to the repository; null while nothing was proposed or handed over. */
  report: string | null;
  /** Of this incident's round so far, US dollars. */
  cost_usd: number;
  /** What that rests on; null when nothing was spent. */
  cost_basis: CostBasis | null;
  seconds: number;
  /** Why it ended here, one or two sentences for a person. */
  why: string;
}

/** Nothing failed: there is a pull request, nothing is left to fix, a person is asked, or one has paused it. */
const SETTLED: readonly PublishState[] = ['already_proposed', 'already_fixed', 'approval_needed', 'paused'];

/** CONTRACT §7. */
export function exitCodeOf(result: HealResult): 0 | 1 | 2 | 3 | 4 | 5 {
  if (result.verdict === 'refuse' || result.failure_mode === 'refused' || result.failure_mode === 'low_confidence')
    return 4;
  if (result.unpublished !== undefined && !SETTLED.includes(result.unpublished.state))
    return result.unpublished.state === 'not_configured' ? 2 : 1;
  if (result.held_back) return 0;
  switch (result.status) {
    case 'proposed':
    case 'awaiting_publish':
    case 'awaiting_start':
      return 0;
    case 'dismissed':
      return 5;
    case 'verified':
      return 1;
    default:
      return 3;
  }
}
