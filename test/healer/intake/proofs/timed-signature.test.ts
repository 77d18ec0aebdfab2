import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { timedSignature } from '../../../../healer/intake/proofs/timed-signature.ts';

const NOW = 1_795_000_000;
const body = Buffer.from('{"id":"d"}');
const hex = (at: number, secret = 's3cret') => createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
const faultOf = (header: string | undefined, seconds = NOW) =>
  timedSignature('X', 'X-Signature').fault(
    { headers: { 'x-signature': header }, url: new URL('http://x/'), params: {}, body },
    's3cret',
    new Date(seconds * 1000),
  );

it('holds for five minutes to either side, and for nothing else', () => {
  const header = `t=${NOW},v1=${hex(NOW)}`;
  for (const seconds of [NOW, NOW + 300, NOW - 300]) expect(faultOf(header, seconds)).toBeUndefined();
  for (const seconds of [NOW + 301, NOW - 301]) expect(faultOf(header, seconds)).toContain('another time');
  expect(faultOf(`t=${NOW + 1},v1=${hex(NOW)}`)).toContain('not the right one');
  expect(faultOf(`t=${NOW},v1=${hex(NOW, 'other')}`)).toContain('not the right one');
  expect(faultOf(undefined)).toContain('is missing');
  for (const odd of ['', 't=,v1=', `t=${NOW}`, `t=${NOW},v1=${hex(NOW)}00`, `t=x,v1=${hex(NOW)}`])
    expect(faultOf(odd)).toMatch(/must be|missing/);
});
