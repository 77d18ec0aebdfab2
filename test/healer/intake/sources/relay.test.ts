import { normalize } from '../../../../events/normalize.ts';
import { sourceContract } from '../source.contract.ts';
import { signed } from './signed.ts';

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
