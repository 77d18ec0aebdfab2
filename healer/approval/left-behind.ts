/** Decisions that a process took and did not live to carry out: they are void, and their questions are asked again. */
import { type ApprovalDecision, endDecision, openDecisions } from '../../store/approvals.ts';
import type { Workbench } from '../workbench.ts';
import { gateOf } from './question.ts';

export const LEFT_BEHIND = 'the process that took the answer ended before it was carried out';

/** Between its decision and its lease. */
const TERMINAL_MS = 30_000;
/** Channels whose process carries out by itself what was decided. */
const OWN_PROCESS = new Set(['cli', 'session']);

/**
 * Ends decisions that nobody works on any more. `held`: what this process works on. Those that `serve` takes are judged by
 * `serve` itself, of which there is one, or while none runs; others say `ofServe: false`.
 */
export async function voidLeftBehind(
  bench: Workbench,
  held: ReadonlySet<string>,
  { ofServe = true } = {},
): Promise<ApprovalDecision[]> {
  const open = openDecisions(bench.db).filter(
    ({ question, answer, channel }) =>
      answer !== 'expire' && !held.has(question) && (ofServe || OWN_PROCESS.has(channel)),
  );
  if (open.length === 0) return [];
  const now = bench.now();
  const leased = new Set((await bench.incidents.leases()).map(({ incident }) => incident));
  // A terminal or a session carries out by itself what it decided, under the incident's lease.
  const left = open.filter(
    ({ channel, incident, at }) =>
      !OWN_PROCESS.has(channel) || (!leased.has(incident) && Math.abs(now.getTime() - Date.parse(at)) > TERMINAL_MS),
  );
  for (const decision of left) {
    const record = await bench.incidents.get(decision.incident);
    // The step itself may have been taken, and only its end not be noted.
    const waits = record?.round === decision.round && gateOf(record) === decision.gate;
    const at = now.toISOString();
    if (waits) endDecision(bench.db, decision, { outcome: 'void', why: LEFT_BEHIND, at });
    else endDecision(bench.db, decision, { outcome: 'done', why: `it is ${record?.status ?? 'gone'}`, at });
  }
  return left;
}
