/** The body of a request, bounded: what is longer is read to its end and thrown away, so that the sender hears why. */
import type { IncomingMessage } from 'node:http';

export const MAX_BODY = 1024 * 1024;
/** Nobody who means well sends so much; the connection is cut. */
const CUT_AT = 16 * MAX_BODY;

export type Body = { ok: true; bytes: Buffer } | { ok: false; why: 'too_large' | 'gone' };

export function readBody(request: IncomingMessage): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
      else chunks.length = 0;
      if (size > CUT_AT) resolve({ ok: false, why: 'too_large' });
    });
    request.once('end', () =>
      resolve(size > MAX_BODY ? { ok: false, why: 'too_large' } : { ok: true, bytes: Buffer.concat(chunks, size) }),
    );
    // After a whole body these come too, and change nothing any more.
    for (const event of ['error', 'aborted', 'close'] as const)
      request.once(event, () => resolve({ ok: false, why: 'gone' }));
  });
}
