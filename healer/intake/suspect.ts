/**
 * Which other error probably explains one: the same error told by another source, the error that an alert is about, the
 * service that could not be reached and fails itself, or another that could not reach the same thing. A guess by fixed
 * rules; who is wrongly held back by it only waits. Pure.
 */
import type { ErrorEvent } from '../../events/event.ts';
import { SEVERITIES } from '../../events/event.ts';
import { errorTemplate } from '../../events/fingerprint.ts';
import {
  describeCause,
  type InfrastructureCause,
  infrastructureCause,
  isSameCause,
} from '../../events/infrastructure-cause.ts';
import type { LinkKind } from '../../store/links.ts';
import type { IncidentStatus } from '../../store/states.ts';

/** One incident, as far as it matters here. */
export interface Seen {
  incident: string;
  round: number;
  status: IncidentStatus;
  severity: string;
  service: string | null;
  first_seen: string;
  last_seen: string;
  event: Pick<ErrorEvent, 'type' | 'message' | 'source' | 'trigger' | 'frames'>;
}

export interface Suspect {
  root: string;
  kind: LinkKind;
  /** In words, without anything of the error but names. */
  why: string;
}

/** Alerts about something else than errors (a full disk, a slow answer) are explained by none. */
const ABOUT_ERRORS =
  /error|exception|fail|crash|panic|5xx|\b50\d\b|unavailab|availability|success|burn ?rate|slo\b|down\b|unreachable|refused/i;
const MAX_NAME = 40;

/** `one` is about to be started; of `others`, those whose last occurrence lies within `windowMs` of its own count. */
export function suspectOf(one: Seen, others: readonly Seen[], windowMs: number): Suspect | undefined {
  const near = nearTo(one, others, windowMs);
  return sameError(one, near) ?? alert(one, near) ?? upstream(one, near) ?? cause(one, near);
}

/**
 * The same for one that is queued already, when the other came after it: only what says more than it does takes its place,
 * the same error with its place in the code, the error that an alert is about, the error of the service behind a host.
 */
export function laterSuspectOf(one: Seen, others: readonly Seen[], windowMs: number): Suspect | undefined {
  const near = nearTo(one, others, windowMs);
  const placed = hasPlace(one) ? [] : near.filter(hasPlace);
  return sameError(one, placed) ?? alert(one, near) ?? upstream(one, near);
}

function nearTo(one: Seen, others: readonly Seen[], windowMs: number): Seen[] {
  const last = Date.parse(one.last_seen);
  return others.filter(
    (other) => other.incident !== one.incident && Math.abs(Date.parse(other.last_seen) - last) <= windowMs,
  );
}

function sameError(one: Seen, others: readonly Seen[]): Suspect | undefined {
  if (isAlert(one)) return undefined;
  const place = placeOf(one);
  const found = others.filter(
    (other) =>
      !isAlert(other) &&
      other.event.source !== one.event.source &&
      (other.service === null || one.service === null || other.service === one.service) &&
      (templateOf(other) === templateOf(one) ||
        (place !== undefined && other.event.type === one.event.type && placeOf(other) === place)) &&
      // The one with a place in the code is the better start.
      (hasPlace(other) === hasPlace(one) ? outranks(other, one) : hasPlace(other)),
  );
  const root = first(found, (a, b) => Number(hasPlace(b)) - Number(hasPlace(a)) || byAge(a, b));
  return (
    root &&
    suspect(
      root,
      'same_error',
      `${root.event.source} told the same error, and told it ${hasPlace(root) ? 'with its place' : 'first'}`,
    )
  );
}

function alert(one: Seen, others: readonly Seen[]): Suspect | undefined {
  if (!isAlert(one) || one.service === null) return undefined;
  const words = `${one.event.type.replace(/([a-z])([A-Z])/g, '$1 $2')} ${one.event.message}`;
  if (!ABOUT_ERRORS.test(words)) return undefined;
  const found = others.filter((other) => !isAlert(other) && other.service === one.service);
  const root = first(found, (a, b) => rank(a) - rank(b) || byAge(a, b));
  return (
    root && suspect(root, 'alert', `it is an alert about ${name(one.service)}, which had this error in the same window`)
  );
}

/** `orders:8080` could not be reached, and the service `orders` has an error of its own. */
function upstream(one: Seen, others: readonly Seen[]): Suspect | undefined {
  const host = causeOf(one)?.host?.split('.')[0];
  if (host === undefined || host === one.service?.toLowerCase()) return undefined;
  const root = first(
    others.filter((other) => !isAlert(other) && other.service?.toLowerCase() === host),
    (a, b) => rank(a) - rank(b) || byAge(a, b),
  );
  return (
    root &&
    suspect(root, 'upstream', `it could not reach ${name(host)}, and ${name(host)} had this error in the same window`)
  );
}

function cause(one: Seen, others: readonly Seen[]): Suspect | undefined {
  const own = causeOf(one);
  if (own === undefined) return undefined;
  const found = others.filter((other) => {
    const theirs = causeOf(other);
    return theirs !== undefined && isSameCause(own, theirs) && outranks(other, one);
  });
  const root = first(found, byAge);
  if (root === undefined) return undefined;
  const services = one.service !== root.service ? `, in ${name(one.service)} and in ${name(root.service)}` : '';
  return suspect(root, 'cause', `both could not reach ${describeCause(own)}${services}, and the other one came first`);
}

function suspect({ incident: root }: Seen, kind: LinkKind, why: string): Suspect {
  return { root, kind, why };
}

/** Both are asked of the same incidents again and again, and masking takes its time. */
const templates = new WeakMap<Seen, string>();
const causes = new WeakMap<Seen, InfrastructureCause | 'none'>();

function templateOf(one: Seen): string {
  const template = templates.get(one) ?? errorTemplate(one.event.type, one.event.message);
  templates.set(one, template);
  return template;
}

function causeOf(one: Seen): InfrastructureCause | undefined {
  const cause = causes.get(one) ?? (isAlert(one) ? undefined : infrastructureCause(one.event)) ?? 'none';
  causes.set(one, cause);
  return cause === 'none' ? undefined : cause;
}

function isAlert({ event }: Seen): boolean {
  return event.trigger === 'alert';
}

function hasPlace({ event }: Seen): boolean {
  return event.frames.some((frame) => frame.in_app);
}

function placeOf({ event }: Seen): string | undefined {
  const frame = event.frames.find((one) => one.in_app);
  return frame?.function && `${frame.file} ${frame.function}`;
}

/** Whether it may be the root of `one`: of two, never both. What was started already is not held back any more. */
function outranks(other: Seen, one: Seen): boolean {
  if (other.status !== 'settling' && other.status !== 'detected') return true;
  return byAge(other, one) < 0;
}

function byAge(a: Seen, b: Seen): number {
  return Date.parse(a.first_seen) - Date.parse(b.first_seen) || (a.incident < b.incident ? -1 : 1);
}

function rank({ severity }: Seen): number {
  const at = (SEVERITIES as readonly string[]).indexOf(severity);
  return at === -1 ? SEVERITIES.length : at;
}

function first(found: readonly Seen[], order: (a: Seen, b: Seen) => number): Seen | undefined {
  return [...found].sort(order)[0];
}

/** The name is the sender's word: no sentence of it gets to where a model reads it. */
function name(service: string | null): string {
  if (service === null) return 'an unnamed service';
  return `"${service.slice(0, MAX_NAME).replace(/[^\p{L}\p{N}_.:/@-]/gu, '_')}"`;
}
