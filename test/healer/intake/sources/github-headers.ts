import { createHmac } from 'node:crypto';

/** As GitHub signs the bytes of a webhook. */
export function githubHeaders(event: string, id?: string) {
  return (body: string | Uint8Array, secret: string): Record<string, string> => ({
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': id ?? `delivery-${++told}`,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  });
}
let told = 0;
