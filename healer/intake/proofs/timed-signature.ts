/** `t=<unix seconds>,v1=<hex hmac-sha256 of "t.body">`: signed, and only for a few minutes, so that nobody can send it again. */
import type { Proof } from '../source.ts';
import { isSignature } from './constant-time.ts';

/** Clocks of two machines may differ by as much. */
const WINDOW_S = 300;

export function timedSignature(variable: string, header: string): Proof {
  const name = header.toLowerCase();
  return {
    variable,
    fault({ headers, body }, secret, now) {
      const given = headers[name];
      if (given === undefined) return `the header ${header} is missing`;
      const [, time = '', hex = ''] = /^t=(\d{1,12}), ?v1=([0-9a-fA-F]{64})$/.exec(given) ?? [];
      if (hex === '') return `the header ${header} must be t=<unix seconds>,v1=<64 hex digits>`;
      if (!isSignature(hex, secret, `${time}.`, body)) return 'the signature is not the right one';
      // Told only to who knows the secret.
      if (Math.abs(now.getTime() / 1000 - Number(time)) > WINDOW_S)
        return `the signature is from another time than now (more than ${WINDOW_S / 60} minutes): set both clocks right`;
      return undefined;
    },
  };
}
