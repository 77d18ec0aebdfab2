/** `Authorization: Bearer <token>`. */
import type { Proof } from '../source.ts';
import { isSameSecret } from './constant-time.ts';

export function bearer(variable: string): Proof {
  return {
    variable,
    fault({ headers }, secret) {
      const [, token] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
      if (token === undefined) return 'the header Authorization: Bearer is missing';
      return isSameSecret(token, secret) ? undefined : 'the bearer token is not the right one';
    },
  };
}
