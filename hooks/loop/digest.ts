/** Short names for long texts: what a loop detector keeps instead of what it read. */
import { digest } from '../trace/digest.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Characters of a `code`. */
export const CODE_LENGTH = 4;

/** 4 characters (24 bits, FNV-1a): good enough to compare a few hundred lines with each other, and cheap. */
export function code(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  const folded = (hash >>> 24) ^ hash;
  return [18, 12, 6, 0].map((shift) => DIGITS[(folded >>> shift) & 63]).join('');
}

/** A digest of no members. */
export const NOTHING = '';
const ZERO = 'AAAAAAAAAAAA';

/** A digest of a set: putting in what is in it takes it out again, in whatever order. No member (`''`) changes nothing. */
export function combine(set: string, kind: string, member: string): string {
  if (member === '') return set;
  const [a, b] = [Buffer.from(set || ZERO, 'base64url'), Buffer.from(digest(kind, member), 'base64url')];
  const sum = Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0))).toString('base64url');
  return sum === ZERO ? NOTHING : sum;
}
