/**
 * The tool `report_error` and the intake of `heal --error`: an error that a person gives becomes an incident at once. It
 * skips settle window and minimum severity; whether it starts is the start policy's word.
 */
import { type Config, defaultConfig } from '../../context/schemas/config.ts';
import { alertKind } from '../../events/alert-kind.ts';
import { UserError } from '../../events/errors.ts';
import { type ErrorEvent, eventSchema, SEVERITIES } from '../../events/event.ts';
import { fingerprint } from '../../events/fingerprint.ts';
import { normalize, toEvents } from '../../events/normalize.ts';
import { redactStrings } from '../../events/redact-strings.ts';
import { looksLikeLog } from '../../events/sources/log.ts';
import type { IncidentRecord, IncidentStore } from '../../store/incidents.ts';
import type { IncidentStatus } from '../../store/states.ts';
import { configBeforeFix } from '../fixes/effective-config.ts';
import { readWebhook } from '../intake/github/read-now.ts';
import { normalizeOptions } from '../intake/normalize-options.ts';
import type { Workbench } from '../workbench.ts';
import { workingConfig } from './working-config.ts';

export type ReportInput = {
  /** Default: `log` when the text holds a log line or a stack, else `manual`. */
  source?: string | undefined;
  service?: string | undefined;
  environment?: string | undefined;
  /** Who gives it; default `person`. */
  who?: string | undefined;
  /** With it, a webhook of GitHub is completed by what its API tells: the log of the step that failed. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  signal?: AbortSignal | undefined;
} & ({ text: string } | { event: unknown });

export interface Reported {
  incident: string;
  fingerprint: string;
  status: IncidentStatus;
  event: ErrorEvent;
}

/** The error to heal, and the other errors of the same text: recorded too, least urgent last. */
export interface ReportResult extends Reported {
  others: Reported[];
}

/**
 * Throws UserError when the text holds no error. `unread`: the settings cannot be read; the error is taken in by the defaults,
 * and waits as `detected` for the start policy that somebody wrote.
 */
export async function reportError(
  bench: Workbench,
  input: ReportInput,
  { unread = false } = {},
): Promise<ReportResult> {
  const config = unread ? defaultConfig() : await workingConfig(bench.repository);
  const events = 'event' in input ? [givenEvent(input.event, config)] : await eventsOf(bench, config, input);
  const reported: Reported[] = [];
  for (const event of byUrgency(events))
    reported.push(await recordOne(bench, event, unread ? undefined : config, input.who ?? 'person'));
  const [first, ...others] = reported;
  if (!first) throw new Error('A text without an error was not refused');
  return { ...first, others };
}

/** Highest severity, then count, then the newest. */
export function byUrgency(events: readonly ErrorEvent[]): ErrorEvent[] {
  return [...events].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      b.count - a.count ||
      Date.parse(b.last_seen) - Date.parse(a.last_seen),
  );
}

async function eventsOf(
  bench: Workbench,
  config: Config,
  input: { text: string } & Pick<ReportInput, 'source' | 'service' | 'environment' | 'env' | 'signal'>,
): Promise<ErrorEvent[]> {
  const source = input.source ?? 'log';
  const options = {
    ...(await normalizeOptions(bench.repository, config)),
    service: input.service,
    environment: input.environment,
    now: bench.now(),
  };
  const told = source === 'log' && !looksLikeLog(input.text);
  if (told && isBinary(input.text))
    throw new UserError(
      'The text is binary, and no error was found in it.',
      'Give a log, a stack trace, or plain words.',
    );
  const { repository } = bench;
  const events =
    source === 'github' && input.env !== undefined
      ? toEvents(source, await readWebhook(input.text, { config, repository, env: input.env }, input.signal), options)
      : normalize(told ? 'manual' : source, input.text, options);
  const actionable = events.filter((event) => event.actionable);
  if (actionable.length > 0) return actionable;
  const reasons = [...new Set(events.map((event) => event.reason).filter((reason) => reason !== undefined))];
  throw new UserError(
    events.length === 0
      ? 'No error was found in the text.'
      : `Nothing in the text can be fixed in this repository: ${reasons.slice(0, 3).join('; ') || 'no reason was given'}.`,
    'Give an error message with its stack, or the log lines around it.',
  );
}

/** Bytes that are no words: the whole of them would become the message of an error, and an agent be paid to read it. */
function isBinary(text: string): boolean {
  return text.includes('\0') || text.split('\ufffd').length - 1 > text.length / 10;
}

/** Somebody else normalised it: its texts are redacted here all the same, and its fingerprint is computed from them. */
function givenEvent(given: unknown, config: Config): ErrorEvent {
  const parsed = eventSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError(
      `The event is not a normalised event: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'wrong shape'}.`,
      'Give the raw text as {text} instead, or an event as `self-healing normalize` prints it.',
    );
  }
  const clean = redactStrings(parsed.data, { ips: config.intake.redact_ips });
  const { id, first_seen, last_seen, received_at } = parsed.data;
  const event = { ...clean, id, first_seen, last_seen, received_at };
  return { ...event, fingerprint: fingerprint({ ...event, kind: alertKind(event) }) };
}

/** `config` undefined: it waits as `detected`. */
async function recordOne(
  bench: Workbench,
  event: ErrorEvent,
  config: Config | undefined,
  who: string,
): Promise<Reported> {
  const { record } = await bench.incidents.record(event);
  const start = config && configBeforeFix(config, record).approval.start;
  const admitted = await admit(bench.incidents, record, start, who);
  return { incident: admitted.incident, fingerprint: event.fingerprint, status: admitted.status, event };
}

/** Past settling and minimum severity, then as far as the start policy lets it go. Other states stay as they are. */
async function admit(
  incidents: IncidentStore,
  record: IncidentRecord,
  start: Config['approval']['start'] | undefined,
  who: string,
): Promise<IncidentRecord> {
  let current = record;
  const step = async (from: IncidentStatus[], to: IncidentStatus, why: string) => {
    const moved = await incidents.transition({ incident: record.incident, to, from, who, why });
    if (moved.ok) current = moved.record;
  };
  await step(['settling', 'ignored'], 'detected', 'given by a person: no settle window, no minimum severity');
  if (start !== undefined)
    await step(['detected'], start === 'auto' ? 'queued' : 'awaiting_start', `approval.start is ${start}`);
  return current.status === record.status ? ((await incidents.get(record.incident)) ?? current) : current;
}
