/** A secret that stands in a header of its own. */
import type { Proof } from '../source.ts';
import { isSameSecret } from './constant-time.ts';

export function headerToken(variable: string, header: string): Proof {
  const name = header.toLowerCase();
  return {
    variable,
    fault({ headers }, secret) {
      const given = headers[name]?.trim();
      if (!given) return `the header ${header} is missing`;
      return isSameSecret(given, secret) ? undefined : `the token in ${header} is not the right one`;
    },
  };
}
