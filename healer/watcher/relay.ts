/** Sends one batch to the fixer (`POST <url>`): signed, and under its own id, so that sending it twice brings it once. */
import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Batch } from './spool.ts';

const TIMEOUT_MS = 30_000;

export type Sent =
  | { outcome: 'accepted' }
  /** Not now; after as many milliseconds where the receiver says so. */
  | { outcome: 'later'; why: string; afterMs?: number }
  /** Never: the receiver cannot read it. */
  | { outcome: 'refused'; why: string };

/** The address of the intake: a fixer's own address is enough. */
export function relayUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (url.pathname === '/') url.pathname = '/intake/relay';
  return url;
}

export async function sendBatch(
  batch: Batch,
  { url, secret, now, signal }: { url: URL; secret: string; now: () => Date; signal: AbortSignal },
): Promise<Sent> {
  const body = JSON.stringify(batch);
  const at = Math.floor(now().getTime() / 1000);
  const hex = createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
  try {
    const { status, retryAfter } = await post(url, body, `t=${at},v1=${hex}`, signal);
    if (status >= 200 && status < 300) return { outcome: 'accepted' };
    if (status === 413 || status === 422) return { outcome: 'refused', why: `answered ${status}` };
    const seconds = Number(retryAfter);
    return {
      outcome: 'later',
      why: status === 401 ? 'answered 401: both sides need the same SELF_HEALING_RELAY_SECRET' : `answered ${status}`,
      ...(seconds > 0 && seconds <= 3600 ? { afterMs: seconds * 1000 } : {}),
    };
  } catch (error) {
    return { outcome: 'later', why: error instanceof Error ? error.message || error.name : String(error) };
  }
}

/** Node's own client and not `fetch`, which would bring ten megabytes into memory. */
function post(url: URL, body: string, signature: string, signal: AbortSignal) {
  return new Promise<{ status: number; retryAfter: string | undefined }>((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-self-healing-signature': signature,
    };
    const request = send(url, { method: 'POST', headers, signal, timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] }),
      );
    });
    request.once('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    request.once('error', reject);
    request.end(body);
  });
}
