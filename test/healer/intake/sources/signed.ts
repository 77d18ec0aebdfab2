import { createHmac } from 'node:crypto';

export function signed(body: string | Uint8Array, secret: string, at = Math.floor(Date.now() / 1000)) {
  const hex = createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
  return { 'x-self-healing-signature': `t=${at},v1=${hex}` };
}
