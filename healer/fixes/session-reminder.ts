/**
 * What a session's main conversation is told after its context was compacted, or when it is resumed: the incidents it has
 * in work, how they stand, and the next step. Everything but the model's memory survives in rows and in the server.
 */
import { bindingsOf } from '../../store/bindings.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { type Standing, standingOf } from '../incidents/standing.ts';
import type { Workbench } from '../workbench.ts';

/** `compact`: the server with the evidence lives on. `resume`: it is a new one. */
export type ReminderSource = 'compact' | 'resume';

/** More of them at once are listed by the status command. */
const MAX_INCIDENTS = 3;

/** One short line per incident; empty when the session has none in work. Nothing in it comes from outside. */
export async function sessionReminder(bench: Workbench, sessionId: string, source: ReminderSource): Promise<string> {
  const open = await bench.incidents.list({ status: ['queued', 'healing', 'verified', 'awaiting_publish'] });
  const own = open.filter(({ incident }) =>
    bindingsOf(bench.db, incident).some((binding) => binding.session_id === sessionId),
  );
  const lines: string[] = [];
  for (const record of own.slice(0, MAX_INCIDENTS)) {
    const standing = await standingOf(bench, record, source === 'compact');
    lines.push(`${record.incident} is ${stateOf(record, standing)}. Next: ${nextOf(record, standing)}`);
  }
  if (lines.length === 0) return '';
  const more = own.length - lines.length;
  return `self-healing, in this session: ${lines.join(' ')}${more > 0 ? ` And ${more} more: list_incidents.` : ''}`;
}

function stateOf({ status, round }: IncidentRecord, { diagnosed, verdict, worktree }: Standing): string {
  return [
    `${status} (round ${round}`,
    `${diagnosed ? 'diagnosed' : 'not diagnosed yet'}`,
    `${verdict === undefined ? 'not verified yet' : `last verdict ${verdict}`}`,
    ...(worktree === undefined ? [] : [`worktree ${worktree}`]),
  ]
    .join(', ')
    .concat(')');
}

/**
 * For the model; a person's step is for it to tell. The client says nothing about whose context was compacted, the main
 * conversation's or an agent's, so both find their step here.
 */
function nextOf({ incident, status }: IncidentRecord, { diagnosed, next }: Standing): string {
  if (status !== 'healing' && status !== 'queued') return `tell the person: ${next}`;
  const [agent, task] = diagnosed ? ['self-healing', 'Fix'] : ['diagnostician', 'Diagnose'];
  return `who works on it calls start_fix again, which answers the same, and goes on; otherwise start the agent self-healing:${agent} in the foreground with "${task} incident ${incident}."`;
}
