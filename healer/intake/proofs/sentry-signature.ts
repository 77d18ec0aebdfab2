/** How Sentry signs its webhooks: the HMAC of the body alone, in hex. A delivery told again is known by its id. */
import type { Proof } from '../source.ts';
import { isSignature } from './constant-time.ts';

export function sentrySignature(variable: string): Proof {
  return {
    variable,
    fault({ headers, body }, secret) {
      const given = headers['sentry-hook-signature'];
      if (given === undefined) return 'the header Sentry-Hook-Signature is missing';
      if (!/^[0-9a-f]{64}$/i.test(given)) return 'the header Sentry-Hook-Signature must be 64 hex digits';
      return isSignature(given, secret, body) ? undefined : 'the signature is not the right one';
    },
  };
}
