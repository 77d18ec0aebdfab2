/** Sends one batch to the fixer (`POST <url>`): signed, and under its own id, so that sending it twice brings it once. */
import { signedPost } from '../signed-post.ts';
import type { Batch } from './spool.ts';

export type Sent =
  | { outcome: 'accepted' }
  /** Not now; after as many milliseconds where the receiver says so. */
  | { outcome: 'later'; why: string; afterMs?: number }
  /** Never: the receiver cannot read it. */
  | { outcome: 'refused'; why: string };

/** The address of the intake: a fixer's own address is enough. */
export function relayUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (url.pathname === '/') url.pathname = '/intake/relay';
  return url;
}

export async function sendBatch(
  batch: Batch,
  { url, secret, now, signal }: { url: URL; secret: string; now: () => Date; signal: AbortSignal },
): Promise<Sent> {
  try {
    const { status, afterMs } = await signedPost({ url, body: JSON.stringify(batch), secret, now: now(), signal });
    if (status >= 200 && status < 300) return { outcome: 'accepted' };
    if (status === 413 || status === 422) return { outcome: 'refused', why: `answered ${status}` };
    return {
      outcome: 'later',
      why: status === 401 ? 'answered 401: both sides need the same SELF_HEALING_RELAY_SECRET' : `answered ${status}`,
      ...(afterMs !== undefined && { afterMs }),
    };
  } catch (error) {
    return { outcome: 'later', why: error instanceof Error ? error.message || error.name : String(error) };
  }
}
