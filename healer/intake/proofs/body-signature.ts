/** `sha256=<hex hmac-sha256 of the body>` in a header: GitHub's way. */
import type { Proof } from '../source.ts';
import { isSignature } from './constant-time.ts';

export function bodySignature(variable: string, header: string): Proof {
  const name = header.toLowerCase();
  return {
    variable,
    fault({ headers, body }, secret) {
      const given = headers[name];
      if (given === undefined) return `the header ${header} is missing`;
      const hex = /^sha256=([0-9a-fA-F]{64})$/.exec(given)?.[1];
      if (hex === undefined) return `the header ${header} must be sha256=<64 hex digits>`;
      return isSignature(hex, secret, body) ? undefined : 'the signature is not the right one';
    },
  };
}
