/** `budget.max_prs_per_day`: how much a team can review. Proposals of any 24 hours count, of all incidents and rounds. */
import type { Config } from '../../context/schemas/config.ts';
import { proposalOf, proposedSince } from '../../store/proposals.ts';
import type { Workbench } from '../workbench.ts';

const DAY_MS = 86_400_000;

export interface LimitReached {
  /** To end a sentence with. */
  why: string;
  /** Null when it does not end by itself: the limit is 0. */
  until: Date | null;
}

/** Undefined while one more may be proposed. `onTheirWay`: not proposed yet, and nearly. */
export function proposalsUsedUp(bench: Workbench, { budget }: Config, onTheirWay = 0): LimitReached | undefined {
  const most = budget.max_prs_per_day;
  const made = proposedSince(bench.db, new Date(bench.now().getTime() - DAY_MS).toISOString());
  if (made.length + onTheirWay < most) return undefined;
  const leaving = made[Math.max(0, made.length - most)];
  return {
    why: `budget.max_prs_per_day (${most}) is used up`,
    until: most === 0 || leaving === undefined ? null : new Date(Date.parse(leaving) + DAY_MS),
  };
}

/**
 * The same before a proven fix is published, so that several that are proven at once do not pass together: those that came
 * to `verified` no later than this one count. A round that is proposed already is no further proposal.
 */
export async function mayNotPropose(
  bench: Workbench,
  config: Config,
  { incident, round }: { incident: string; round: number },
): Promise<LimitReached | undefined> {
  if (proposalOf(bench.db, incident, round)) return undefined;
  const verifiedAt = async (one: string) =>
    (await bench.incidents.transitions(one)).findLast(({ to }) => to === 'verified')?.at ?? '';
  const own = await verifiedAt(incident);
  let earlier = 0;
  for (const other of await bench.incidents.list({ status: ['verified'] }))
    if (other.incident !== incident && (await verifiedAt(other.incident)) <= own) earlier += 1;
  return proposalsUsedUp(bench, config, earlier);
}
