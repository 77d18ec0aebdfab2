import { createHmac } from 'node:crypto';
import { normalize } from '../../../../events/normalize.ts';
import { sourceContract } from '../source.contract.ts';

export function signed(body: string | Uint8Array, secret: string, at = Math.floor(Date.now() / 1000)) {
  const hex = createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
  return { 'x-self-healing-signature': `t=${at},v1=${hex}` };
}

let told = 0;
sourceContract({
  name: 'relay',
  variable: 'SELF_HEALING_RELAY_SECRET',
  fresh: () =>
    JSON.stringify({
      id: `delivery-${++told}`,
      events: normalize('log', `ERROR marker-of-the-body cart ${'y'.repeat(told)} is gone`, { now: new Date() }),
    }),
  strange: '{"id":"d","events":[{"message":"not an event"}]}',
  sign: signed,
});
