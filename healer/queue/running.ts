/** What is being healed at this moment, from the rows alone, so that any process may look. */
import { liveOf } from '../../store/live.ts';
import { type CostBasis, type Run, runsOf } from '../../store/runs.ts';
import { lastSteps } from '../../store/steps.ts';
import { basisOf } from '../heal/spending.ts';
import { shortToolName } from '../runs/call-line.ts';
import type { Workbench } from '../workbench.ts';

export interface Running {
  incident: string;
  round: number;
  /** `diagnosis`, `fix`, `session` while an agent works; else `preparing`, `waiting` or `verification`. */
  phase: string;
  /** Of the agent; 0 before the first one. */
  attempt: number;
  /** Since when this phase goes on, ISO 8601. */
  since: string;
  /** One line, redacted: the last tool call, or what is done without an agent. */
  doing: string;
  doing_since: string;
  /** Of this round so far, US dollars. */
  cost_usd: number;
  cost_basis: CostBasis | null;
}

export async function runningNow(bench: Workbench): Promise<Running[]> {
  const inWork = await bench.incidents.list({ status: ['healing', 'verified'] });
  return inWork.map(({ incident, round, updated_at }) => {
    const runs = runsOf(bench.db, incident, round);
    const open = runs.findLast(({ ended_at }) => ended_at === null);
    const live = liveOf(bench.db, incident) ?? (open && liveInSession(bench, open));
    return {
      incident,
      round,
      phase: open?.phase ?? (live?.phase === 'agent' ? 'verification' : (live?.phase ?? 'preparing')),
      attempt: runs.at(-1)?.attempt ?? 0,
      since: open?.started_at ?? runs.at(-1)?.ended_at ?? live?.since ?? updated_at,
      doing: live?.doing ?? '',
      doing_since: live?.since ?? updated_at,
      cost_usd: Math.round(runs.reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0) * 1e6) / 1e6,
      cost_basis: basisOf(runs),
    };
  });
}

/** Its server records a call when it is over. */
function liveInSession(bench: Workbench, { id }: Run): { phase: string; doing: string; since: string } | undefined {
  const [step] = lastSteps(bench.db, id, 1);
  return step && { phase: 'session', doing: shortToolName(step.tool), since: step.at };
}
