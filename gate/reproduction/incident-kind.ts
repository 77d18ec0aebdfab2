/**
 * What kind of failure an incident tells of, and so what shows it in a test. An error of its own (a type or a stack) has
 * to be thrown again; a request that failed, a time limit, a wrong value and an alert have none to throw.
 */
import type { ErrorEvent } from '../../events/event.ts';

export type KnownEvent = Pick<ErrorEvent, 'type' | 'message' | 'frames' | 'file' | 'line' | 'function'> &
  Partial<Pick<ErrorEvent, 'endpoint' | 'source'>>;

/** A request that was answered with an error status, without the error behind it. */
export interface FailedRequest {
  /** In capitals; undefined when the event names a path alone. */
  method: string | undefined;
  /** Such as `/orders`, without a query. */
  path: string;
  status: number;
}

/** False for failed requests, wrong values and alerts. */
export function hasError(event: KnownEvent): boolean {
  if (event.frames.length > 0) return true;
  return event.type !== '' && !isAlert(event) && failedRequest(event) === undefined;
}

/** The request that an access log line or an event with an endpoint and a status tells of. */
export function failedRequest(event: KnownEvent): FailedRequest | undefined {
  if (event.frames.length > 0) return undefined;
  const status = /^HTTP ([45]\d\d)$/.exec(event.type)?.[1] ?? (event.type === '' ? statusIn(event) : undefined);
  const [, method, path] = /^(?:([A-Za-z]{3,7}) )?(\/[^\s?#]*)/.exec(event.endpoint ?? '') ?? [];
  if (status === undefined || path === undefined) return undefined;
  return { method: method?.toUpperCase(), path, status: Number(status) };
}

/** A number of three digits that stands for itself: not in the path, no port, no duration. */
function statusIn({ message, endpoint = '' }: KnownEvent): string | undefined {
  const path = endpoint.slice(endpoint.indexOf('/'));
  return /(?<![\w.:/-])[45]\d\d(?![\w.:/%-]| ?(?:ms|s|kB|MB|bytes)\b)/.exec(message.replaceAll(path, ' '))?.[0];
}

/** Whether the incident is that something took too long. */
export function isTimeout({ type, message }: KnownEvent): boolean {
  return /time[ds]?[ -]?out|deadline[ _-]?exceeded|ETIMEDOUT|ESOCKETTIMEDOUT|did not (?:answer|respond|finish|complete|end) (?:with)?in\b/i.test(
    `${type} ${message}`,
  );
}

function isAlert({ source, frames }: KnownEvent): boolean {
  return (source === 'alertmanager' || source === 'grafana') && frames.length === 0;
}
