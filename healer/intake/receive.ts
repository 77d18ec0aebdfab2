/**
 * One delivery of a source, from bytes to rows: proven, limited, read, redacted, and on disk before it is accepted. What
 * starts nothing (a resolved alert, a heartbeat) is answered for and leaves no row.
 */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { describeError, UserError } from '../../events/errors.ts';
import { normalize } from '../../events/normalize.ts';
import type { Headers } from '../../events/sources/reader.ts';
import type { Workbench } from '../workbench.ts';
import type { RateLimit } from './rate-limit.ts';
import { record } from './record.ts';
import type { Settings } from './settings.ts';
import { type IntakeRequest, missingSecret, type Source } from './source.ts';

export type Received =
  | {
      outcome: 'accepted';
      duplicate: boolean;
      events: number;
      incidents: string[];
      left_out: string[];
      errands: number;
    }
  /** A handshake: nothing is told. */
  | { outcome: 'answered'; body: object }
  | { outcome: 'not_ready'; variables: string[] }
  | { outcome: 'unproven'; why: string }
  | { outcome: 'too_many'; retryAfter: number }
  | { outcome: 'unreadable'; message: string; next: string };

export interface Intake {
  bench: Workbench;
  env: Readonly<Record<string, string | undefined>>;
  rate: RateLimit;
  perPerson: RateLimit;
  settings: () => Promise<Settings>;
  dryRun: boolean;
  /** Answers to questions of ours that come in with a source, by its name; what is none, it answers with undefined. */
  taps?: Partial<Record<Source['name'], (text: string) => Promise<object | undefined>>>;
  /** Told of everything that a source proved, by the source's name: what it is about may have changed. */
  onTold?: (source: Source['name']) => void;
  /** Told when there is something to be done after a delivery. */
  onErrands?: () => void;
}

const BYTE_ORDER_MARK = '\ufeff';

const NOTHING: Received = {
  outcome: 'accepted',
  duplicate: false,
  events: 0,
  incidents: [],
  left_out: [],
  errands: 0,
};

export async function receive(intake: Intake, source: Source, request: IntakeRequest): Promise<Received> {
  const { bench, env } = intake;
  const variables = missingSecret(source, env);
  if (variables) return { outcome: 'not_ready', variables };
  const why = faultOf(source, request, env, bench.now());
  if (why !== undefined) return { outcome: 'unproven', why };
  const decoded = attempt(() => (source.text ? source.text(request) : decode(request.body)));
  if (!decoded.ok) return { outcome: 'unreadable', message: decoded.message, next: decoded.next };
  const text = decoded.value;
  if (text === undefined) return NOTHING;
  // After the proof, so that nobody else can use up what the sender may send.
  const retryAfter = intake.rate.take(source.name);
  if (retryAfter !== undefined) return { outcome: 'too_many', retryAfter };

  return take(intake, source, request.headers, text);
}

/** The same for what did not come by a request of its own, and is proven already. */
export async function take(intake: Intake, source: Source, headers: Headers, text: string): Promise<Received> {
  const { bench, env } = intake;
  const tap = await tapped(intake, source, text);
  if (tap) return tap;
  intake.onTold?.(source.name);
  const { config, options } = await intake.settings();
  const read = attempt(() => {
    const body = source.handshake?.(headers, text);
    if (body !== undefined) return { body };
    const id = source.deliveryId(headers, text)?.slice(0, 300);
    const delivery = id ?? randomUUID();
    return { id, events: normalize(source.name, text, { ...options, now: bench.now(), headers, delivery }) };
  });
  if (!read.ok) return { outcome: 'unreadable', message: read.message, next: read.next };
  if (read.value.body !== undefined) return { outcome: 'answered', body: read.value.body };
  const { id, events: found } = read.value;
  const left_out: string[] = [];
  const told = found.filter((event) => {
    const why = event.actionable ? source.leftOut?.(event, config) : (event.reason ?? 'no reason given');
    if (why !== undefined) left_out.push(why);
    return why === undefined;
  });
  const { perPerson } = intake;
  const looked = await source.errands?.(text, headers, { config, repository: bench.repository, env, perPerson });
  left_out.push(...(looked?.left_out ?? []));
  const events = looked ? [] : told.map((event) => source.complete?.(event, bench.db) ?? event);
  const delivered = await record(intake, config, { source: source.name, id, events, errands: looked?.errands });
  if (delivered.errands > 0) intake.onErrands?.();
  const fresh = delivered.fresh + delivered.errands;
  return {
    outcome: 'accepted',
    duplicate: delivered.duplicate || (events.length + (looked?.errands.length ?? 0) > 0 && fresh === 0),
    events: delivered.fresh,
    incidents: delivered.incidents,
    left_out: [...new Set(left_out)],
    errands: delivered.errands,
  };
}

async function tapped(intake: Intake, source: Source, text: string): Promise<Received | undefined> {
  try {
    const body = await intake.taps?.[source.name]?.(text);
    return body && { outcome: 'answered', body };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, next } = describeError(error);
    return { outcome: 'unreadable', message, next };
  }
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
  if (!isUtf8(body)) throw new UserError('The body is not UTF-8 text.', 'Send it as UTF-8.');
  const text = body.toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
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
