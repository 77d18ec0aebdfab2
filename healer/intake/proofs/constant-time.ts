/** Comparisons whose time says nothing about where two texts begin to differ. */
import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** Digests of equal length are compared, so that not even the length of the secret shows. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', secret, 'buffer'));
}

/** Whether `hex` is the HMAC-SHA256 of the parts, one after the other. */
export function isSignature(hex: string, secret: string, ...parts: readonly (string | Buffer)[]): boolean {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return isSameSecret(hex.toLowerCase(), hmac.digest('hex'));
}
