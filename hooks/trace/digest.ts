/** Short names for long texts: what is kept and compared instead of what was read. */
import { createHash } from 'node:crypto';

/** 12 characters (72 bits): two texts with the same digest are the same text. */
export function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('base64url').slice(0, 12);
}
