/**
 * An approval that nobody gave in time: the incident is handed over, with its report. Measured from when it was asked, by
 * the wall clock, so that a restart changes nothing; a clock that was set back cannot make the wait longer than it is here.
 */
import { describeError } from '../../events/errors.ts';
import { type ApprovalDecision, addDecision, endDecision, openDecisions } from '../../store/approvals.ts';
import { escalate } from '../fixes/escalate.ts';
import type { Log } from '../intake/log.ts';
import type { Settings } from '../intake/settings.ts';
import { type Repeating, repeat } from '../repeat.ts';
import type { Workbench } from '../workbench.ts';
import { type Asking, askingOf, settingsFor } from './question.ts';

const LOOK_MS = 5_000;

export interface ExpiryOptions {
  bench: Workbench;
  settings: () => Promise<Pick<Settings, 'config'>>;
  log: Log;
  /** Milliseconds that never go back; replaced in tests. */
  elapsed?: () => number;
}

export function startExpiry(options: ExpiryOptions): Repeating {
  const seen = new Map<string, number>();
  return repeat(async () => {
    await expireOverdue(options, seen).catch((error: unknown) =>
      options.log('error', 'expiry_failed', { why: describeError(error).message }),
    );
    return LOOK_MS;
  });
}

/** `seen`: since when this process knows each question, by `elapsed`. */
export async function expireOverdue(
  { bench, settings, log, elapsed = () => performance.now() }: ExpiryOptions,
  seen: Map<string, number>,
): Promise<void> {
  const { config } = await settings();
  const waiting = await bench.incidents.list({ status: ['awaiting_start', 'awaiting_publish'] });
  const keys = new Set<string>();
  for (const record of waiting) {
    const asking = await askingOf(bench, record);
    if (!asking) continue;
    keys.add(asking.key);
    if (!seen.has(asking.key)) seen.set(asking.key, elapsed());
    const { expires } = settingsFor(config, record, bench.db).approval;
    const since = Math.max(
      bench.now().getTime() - Date.parse(asking.asked_at),
      elapsed() - (seen.get(asking.key) ?? elapsed()),
    );
    if (asking.decision || since < expires) continue;
    // The expiry is a decision like any other: one that came a moment before wins.
    if (addDecision(bench.db, expiryOf(bench, asking))) log('warn', 'approval_expired', { incident: record.incident });
  }
  for (const key of seen.keys()) if (!keys.has(key)) seen.delete(key);
  for (const decision of openDecisions(bench.db)) if (decision.answer === 'expire') await handOver(bench, decision);
}

function expiryOf({ now }: Workbench, { key, incident, round, gate, tree }: Asking): ApprovalDecision {
  return {
    ...{ question: key, incident, round, gate, tree: tree ?? null },
    ...{ answer: 'expire', who: 'serve', channel: 'serve', reason: null, at: now().toISOString() },
  };
}

async function handOver(bench: Workbench, decision: ApprovalDecision): Promise<void> {
  const { incident, gate } = decision;
  const record = await bench.incidents.get(incident);
  const waits = record?.status === 'awaiting_start' || record?.status === 'awaiting_publish';
  if (waits && record.round === decision.round) {
    const asked = gate === 'start' ? 'whether a fix may be tried' : 'whether the proven fix may be published';
    const reason = `Nobody answered in time (approval.expires) ${asked}.`;
    const needs =
      gate === 'start'
        ? `Decide about it: \`self-healing retry ${incident}\` queues it.`
        : `Look at the patch in the report. \`self-healing retry ${incident}\` heals it anew and asks again.`;
    await escalate(bench, { incident, reason, needs, who: 'serve' });
  }
  const why = `it is ${(await bench.incidents.get(incident))?.status ?? 'gone'}`;
  endDecision(bench.db, decision, { outcome: 'done', why, at: bench.now().toISOString() });
}
