/** POSTs JSON to an address that a person configured: signed where there is a secret, bounded in time, no redirect followed. */
import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

const TIMEOUT_MS = 30_000;

export interface SignedPost {
  url: URL;
  body: string;
  /** `X-Self-Healing-Signature: t=<unix>,v1=<hex hmac-sha256 of "t.body">`; unsigned without one. */
  secret: string | undefined;
  now: Date;
  signal: AbortSignal;
  headers?: Record<string, string>;
}

export interface Answered {
  status: number;
  /** What the receiver asks to wait, at most an hour. */
  afterMs: number | undefined;
}

/** Rejects when there was no answer. Node's own client and not `fetch`, which would bring ten megabytes into memory. */
export function signedPost({ url, body, secret, now, signal, headers = {} }: SignedPost): Promise<Answered> {
  const at = Math.floor(now.getTime() / 1000);
  const hex = secret && createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
  const late = new Error(`no answer within ${TIMEOUT_MS / 1000} s`);
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(
      url,
      {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...(hex && { 'x-self-healing-signature': `t=${at},v1=${hex}` }),
        },
        signal,
      },
      (response) => {
        response.resume();
        response.once('error', reject);
        response.once('end', () => {
          const seconds = Number(response.headers['retry-after']);
          const afterMs = seconds > 0 && seconds <= 3600 ? seconds * 1000 : undefined;
          resolve({ status: response.statusCode ?? 0, afterMs });
        });
      },
    );
    // Of all of it: an answer that comes byte by byte is none.
    const timer = setTimeout(() => request.destroy(late), TIMEOUT_MS);
    request.once('close', () => clearTimeout(timer));
    request.once('error', reject);
    request.end(body);
  });
}
