/** Moves one incident as far as triage and the start policy let it go. Safe to call again at any time. */
import { z } from 'zod';
import type { Config } from '../../context/schemas/config.ts';
import { type ErrorEvent, eventSchema } from '../../events/event.ts';
import { configLine } from '../../gate/lift.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import type { IncidentStatus } from '../../store/states.ts';
import { applyOverrides } from '../fixes/overrides.ts';
import { muted } from '../incidents/muted.ts';
import type { Workbench } from '../workbench.ts';
import { settlesIn } from './settle.ts';
import { triage, WATCHED_SOURCES } from './triage.ts';

const WHO = 'intake';
/** From here on somebody has decided: only the severity is kept up to date. */
const UNDECIDED: readonly IncidentStatus[] = ['settling', 'ignored', 'detected'];
/** What triage reads of the newest event. */
const saidSchema = eventSchema.pick({ type: true, message: true, source: true, trigger: true });

export interface Admission {
  config: Config;
  /** Detected errors stay as they are: nothing is queued, nobody is asked. */
  dryRun: boolean;
}

export async function admit(
  bench: Workbench,
  record: IncidentRecord,
  { config, dryRun }: Admission,
): Promise<IncidentRecord> {
  const now = bench.now();
  const judged = triage(
    {
      event: said(record),
      weight: await bench.incidents.weigh(
        record.incident,
        new Date(now.getTime() - config.intake.count_window).toISOString(),
        WATCHED_SOURCES,
      ),
      muted: muted(bench.db, config, record.fingerprint, now),
    },
    config,
  );
  if (judged.severity !== record.severity) await bench.incidents.setSeverity(record.incident, judged.severity);
  const current = { ...record, severity: judged.severity };
  if (!UNDECIDED.includes(record.status)) return current;
  if (record.status === 'settling' && settlesIn(record, config.intake, now) > 0) return current;

  const step = async (before: IncidentRecord, to: IncidentStatus, why: string): Promise<IncidentRecord> => {
    if (before.status === to) return before;
    const moved = await bench.incidents.transition({
      incident: before.incident,
      to,
      from: [before.status],
      who: WHO,
      why,
    });
    // Somebody else was quicker: what they made of it stands.
    return moved.ok ? moved.record : ((await bench.incidents.get(before.incident)) ?? before);
  };
  // A regression is taken back whatever its count: it was a bug before.
  const regression = record.status === 'detected';
  if (judged.answer === 'ignore' && !(regression && judged.why.startsWith('its severity')))
    return step(current, 'ignored', judged.why);
  const detected = await step(current, 'detected', judged.why);
  if (detected.status !== 'detected' || dryRun) return detected;
  if (judged.answer === 'take' && judged.expected) {
    const filters = [...config.triage.not_a_bug, judged.expected.filter];
    return step(
      detected,
      'awaiting_start',
      `it looks like ${judged.expected.kind}, which is not a bug; to leave such errors alone: ${configLine('triage', 'not_a_bug', filters)}`,
    );
  }
  const { start } = startPolicy(config, detected);
  return step(detected, start === 'auto' ? 'queued' : 'awaiting_start', `approval.start is ${start}`);
}

function startPolicy(config: Config, { source, service, files }: IncidentRecord): Config['approval'] {
  return applyOverrides(config, { source, service: service ?? undefined, failure_type: undefined, files }).approval;
}

function said({ event, source, error }: IncidentRecord): Pick<ErrorEvent, 'type' | 'message' | 'source' | 'trigger'> {
  const parsed = saidSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  return { type: '', message: error, source: z.enum(eventSchema.shape.source.options).catch('generic').parse(source) };
}
