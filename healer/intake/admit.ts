/** Moves one incident as far as triage and the start policy let it go. Safe to call again at any time. */
import { z } from 'zod';
import type { Config } from '../../context/schemas/config.ts';
import { type ErrorEvent, eventSchema } from '../../events/event.ts';
import { configLine } from '../../gate/lift.ts';
import type { IncidentRecord, TransitionRequest } from '../../store/incidents.ts';
import type { IncidentStatus } from '../../store/states.ts';
import { configBeforeFix } from '../fixes/effective-config.ts';
import { muted } from '../incidents/muted.ts';
import type { Workbench } from '../workbench.ts';
import { holdBack, INTAKE, type Others, openOthers } from './hold-back.ts';
import { settlesIn } from './settle.ts';
import { triage, WATCHED_SOURCES } from './triage.ts';

/** From here on somebody has decided: only the severity is kept up to date. */
const UNDECIDED: readonly IncidentStatus[] = ['settling', 'ignored', 'detected'];
/** What triage reads of the newest event. */
const saidSchema = eventSchema.pick({ type: true, message: true, source: true, trigger: true });

/** Where the incident stands after it, or as somebody quicker has left it. */
export async function admit(bench: Workbench, record: IncidentRecord, config: Config): Promise<IncidentRecord> {
  return (await admitAll(bench, [record], config))[0] ?? record;
}

/** Many in one transaction: what a storm of errors costs is the number of transactions. */
export async function admitAll(
  bench: Workbench,
  records: readonly IncidentRecord[],
  config: Config,
): Promise<IncidentRecord[]> {
  const steps: TransitionRequest[] = [];
  const others = openOthers(bench);
  for (const record of records) steps.push(...(await stepsOf(bench, record, config, others)));
  if (steps.length === 0) return [...records];
  const moved = new Map<string, IncidentRecord>();
  for (const result of await bench.incidents.transitionAll(steps))
    if (result.ok) moved.set(result.record.incident, result.record);
  return Promise.all(
    records.map(async (before) => moved.get(before.incident) ?? (await bench.incidents.get(before.incident)) ?? before),
  );
}

async function stepsOf(
  bench: Workbench,
  record: IncidentRecord,
  config: Config,
  others: Others,
): Promise<TransitionRequest[]> {
  const { incident, status } = record;
  const now = bench.now();
  if (status === 'settling' && settlesIn(record, config.intake, now) > 0) return [];
  // Once it is high, no number makes it graver.
  if (!UNDECIDED.includes(status) && (record.severity === 'high' || record.severity === 'critical')) return [];
  const since = new Date(now.getTime() - config.intake.count_window).toISOString();
  const judged = triage(
    {
      event: said(record),
      weight: await bench.incidents.weigh(incident, since, WATCHED_SOURCES),
      muted: muted(bench.db, config, record.fingerprint, now),
    },
    config,
  );
  if (judged.severity !== record.severity) await bench.incidents.setSeverity(incident, judged.severity);
  if (!UNDECIDED.includes(status)) return [];

  const step = (from: IncidentStatus, to: IncidentStatus, why: string): TransitionRequest[] =>
    from === to ? [] : [{ incident, to, from: [from], who: INTAKE, why }];
  // A regression is taken back whatever its count: it was a bug before.
  const regression = status === 'detected';
  if (judged.answer === 'ignore' && !(regression && judged.belowMinimum)) return step(status, 'ignored', judged.why);
  const detected = step(status, 'detected', judged.why);
  if (judged.answer === 'take' && judged.expected) {
    const filters = [...config.triage.not_a_bug, judged.expected.filter];
    const why = `it looks like ${judged.expected.kind}, which is not a bug; to leave such errors alone: ${configLine('triage', 'not_a_bug', filters)}`;
    return [...detected, ...step('detected', 'awaiting_start', why)];
  }
  const hold = await holdBack(bench, record, config, others);
  if (hold.waits) return step(status, 'detected', `${judged.why}; ${hold.why}`);
  const { start } = configBeforeFix(config, record).approval;
  const policy = `approval.start is ${start}${hold.after === undefined ? '' : `; ${hold.after}`}`;
  return [...detected, ...step('detected', start === 'auto' ? 'queued' : 'awaiting_start', policy)];
}

function said({ event, source, error }: IncidentRecord): Pick<ErrorEvent, 'type' | 'message' | 'source' | 'trigger'> {
  const parsed = saidSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  return { type: '', message: error, source: z.enum(eventSchema.shape.source.options).catch('generic').parse(source) };
}
