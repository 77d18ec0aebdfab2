/**
 * One delivery of a source, from bytes to rows: proven, limited, read, redacted, and on disk before it is accepted. What
 * starts nothing (a resolved alert, a heartbeat) is answered for and leaves no row.
 */
import { randomUUID } from 'node:crypto';
import { describeError, UserError } from '../../events/errors.ts';
import { normalize } from '../../events/normalize.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import type { Workbench } from '../workbench.ts';
import { admitAll } from './admit.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Settings } from './settings.ts';
import { type IntakeRequest, missingSecret, type Source } from './source.ts';

export type Received =
  | { outcome: 'accepted'; duplicate: boolean; events: number; incidents: string[]; left_out: string[] }
  | { outcome: 'not_ready'; variables: string[] }
  | { outcome: 'unproven'; why: string }
  | { outcome: 'too_many'; retryAfter: number }
  | { outcome: 'unreadable'; message: string; next: string };

export interface Intake {
  bench: Workbench;
  env: Readonly<Record<string, string | undefined>>;
  rate: RateLimit;
  settings: () => Promise<Settings>;
  dryRun: boolean;
}

export async function receive(intake: Intake, source: Source, request: IntakeRequest): Promise<Received> {
  const { bench, env } = intake;
  const variables = missingSecret(source, env);
  if (variables) return { outcome: 'not_ready', variables };
  const why = faultOf(source, request, env, bench.now());
  if (why !== undefined) return { outcome: 'unproven', why };
  const decoded = attempt(() => (source.text ? source.text(request) : decode(request.body)));
  if (!decoded.ok) return { outcome: 'unreadable', message: decoded.message, next: decoded.next };
  const text = decoded.value;
  if (text === undefined) return { outcome: 'accepted', duplicate: false, events: 0, incidents: [], left_out: [] };
  // After the proof, so that nobody else can use up what the sender may send.
  const retryAfter = intake.rate.take(source.name);
  if (retryAfter !== undefined) return { outcome: 'too_many', retryAfter };

  const { config, options } = await intake.settings();
  const id = source.deliveryId(request.headers, text)?.slice(0, 300);
  const read = attempt(() =>
    normalize(source.name, text, {
      ...options,
      now: bench.now(),
      headers: request.headers,
      delivery: id ?? randomUUID(),
    }),
  );
  if (!read.ok) return { outcome: 'unreadable', message: read.message, next: read.next };
  const left_out: string[] = [];
  const events = read.value.filter((event) => {
    const why = event.actionable ? source.leftOut?.(event, config) : (event.reason ?? 'no reason given');
    if (why !== undefined) left_out.push(why);
    return why === undefined;
  });
  const complete = events.map((event) => source.complete?.(event, bench.db) ?? event);
  const delivered = await bench.incidents.deliver({ source: source.name, id, events: complete });
  if (delivered.duplicate) return { outcome: 'accepted', duplicate: true, events: 0, incidents: [], left_out };

  const fresh = delivered.recorded.filter(({ duplicate }) => !duplicate).map(({ record }) => record);
  await admitAll(bench, newest(fresh), { config, dryRun: intake.dryRun });
  return {
    outcome: 'accepted',
    duplicate: events.length > 0 && fresh.length === 0,
    events: fresh.length,
    incidents: [...new Set(delivered.recorded.map(({ record }) => record.incident))],
    left_out: [...new Set(left_out)],
  };
}

/** Each incident once, as the last of its occurrences has left it. */
function newest(records: readonly IncidentRecord[]): IncidentRecord[] {
  return [...new Map(records.map((record) => [record.incident, record])).values()];
}

/** Undefined when one of the proofs holds; else why the last one that could does not. */
function faultOf(source: Source, request: IntakeRequest, env: Intake['env'], now: Date): string | undefined {
  let fault: string | undefined = 'nothing proves who sends it';
  for (const proof of source.proofs) {
    const secret = env[proof.variable];
    if (!secret) continue;
    fault = proof.fault(request, secret, now);
    if (fault === undefined) return undefined;
  }
  return fault;
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new UserError('The body is not UTF-8 text.', 'Send it as UTF-8.');
  }
}

type Attempt<T> = { ok: true; value: T } | { ok: false; message: string; next: string };

function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, next } = describeError(error);
    return { ok: false, message, next };
  }
}
