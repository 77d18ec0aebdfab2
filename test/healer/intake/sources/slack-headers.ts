import { createHmac } from 'node:crypto';

/** As Slack signs a request, now or at another time. */
export function slackHeaders(body: string | Uint8Array, secret: string, at = Math.floor(Date.now() / 1000)) {
  const hex = createHmac('sha256', secret).update(`v0:${at}:`).update(body).digest('hex');
  return { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${hex}` };
}
