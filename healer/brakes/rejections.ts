/**
 * `budget.stop_after_rejections`: when people turn down one proposal after another, something is wrong that no further one
 * sets right. Counted from the history of all incidents, so that a restart forgets nothing; a person's `resume` ends it.
 */
import type { Config } from '../../context/schemas/config.ts';
import { lastResume } from '../../store/resumes.ts';
import type { Workbench } from '../workbench.ts';

/** Steps of proposals that are looked at: many times what a team reviews between two decisions. */
const LOOKED_AT = 500;

export interface Stopped {
  rejections: number;
  /** To end a sentence with. */
  why: string;
  /** A sentence. */
  next: string;
}

/** Undefined while healing may go on. */
export async function stoppedByRejections(bench: Workbench, { budget }: Config): Promise<Stopped | undefined> {
  const rejections = await rejectionsInARow(bench);
  if (rejections < budget.stop_after_rejections) return undefined;
  return {
    rejections,
    why: `${rejections === 1 ? 'the last proposal was' : `${rejections} proposals in a row were`} rejected (budget.stop_after_rejections is ${budget.stop_after_rejections})`,
    next: 'Look at why with `self-healing incidents --status rejected`; `self-healing resume` lets healing go on.',
  };
}

/**
 * Of fixes and pull requests, since one was accepted and since a person last said `resume`. Accepted is what was merged, or
 * what a person let be published and nobody has turned down after that.
 */
async function rejectionsInARow(bench: Workbench): Promise<number> {
  const since = lastResume(bench.db) ?? '';
  const decided = new Set<string>();
  for (const { incident, round, from, to, who, at } of await bench.incidents.outcomes(LOOKED_AT)) {
    if (at <= since) break;
    const proposal = `${incident}/${round}`;
    if (decided.has(proposal)) continue;
    if (to === 'rejected') decided.add(proposal);
    else if (to === 'merged' || (from === 'awaiting_publish' && who.startsWith('person:'))) break;
  }
  return decided.size;
}
