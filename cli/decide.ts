/** The decision of a person at a terminal, given to the same desk as everybody else's. */
import { UserError } from '../events/errors.ts';
import { type Answer, openDesk } from '../healer/approval/desk.ts';
import { voidLeftBehind } from '../healer/approval/left-behind.ts';
import { workingConfig } from '../healer/incidents/working-config.ts';
import type { Workbench } from '../healer/workbench.ts';
import type { IncidentRecord } from '../store/incidents.ts';
import { serveOf } from './ask-serve.ts';
import { person } from './person.ts';

/** Throws UserError with the desk's words unless this decision is the one that counts. */
export async function decideHere(
  bench: Workbench,
  { incident, answer, reason }: Pick<Answer, 'incident' | 'answer' | 'reason'>,
): Promise<{ record: IncidentRecord; pending: boolean }> {
  // While a service runs, it knows what is worked on.
  if (!(await serveOf(bench))) await voidLeftBehind(bench, new Set());
  const settings = async () => ({ config: await workingConfig(bench.repository) });
  const decided = await openDesk({ bench, settings }).decide({
    incident,
    answer,
    reason,
    channel: 'cli',
    who: person(),
  });
  if (decided.outcome === 'won') return decided;
  throw new UserError(decided.words, '', decided.outcome === 'unknown' ? 'not_found' : 'not_allowed');
}
