/** A log from where GitHub keeps it: without a token, bounded in bytes and time; of a longer one the end. */

export type Downloaded = { ok: true; text: string; cut: boolean } | { ok: false; why: string; gone: boolean };

/** What is read at most, and what is kept of it. */
const MOST_READ = 64 * 1024 * 1024;
const MOST_KEPT = 8 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

export async function download(url: string, stop = new AbortController().signal): Promise<Downloaded> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const answered = await fetch(url, { signal, headers: { 'user-agent': 'self-healing' } });
    if (!answered.ok || answered.body === null) {
      await answered.body?.cancel();
      const gone = answered.status === 404 || answered.status === 410;
      return { ok: false, gone, why: `the store of GitHub's logs answered ${answered.status}` };
    }
    let chunks: Uint8Array[] = [];
    let kept = 0;
    let read = 0;
    for await (const chunk of answered.body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      kept += chunk.length;
      read += chunk.length;
      if (kept > 2 * MOST_KEPT) {
        chunks = [Buffer.concat(chunks).subarray(-MOST_KEPT)];
        kept = MOST_KEPT;
      }
      if (read > MOST_READ) break;
    }
    const bytes = Buffer.concat(chunks).subarray(-MOST_KEPT);
    return { ok: true, text: bytes.toString('utf8'), cut: read > bytes.length };
  } catch (error) {
    const why = signal.aborted && !stop.aborted ? `it took longer than ${TIMEOUT_MS / 1000} s` : causeOf(error);
    return { ok: false, gone: false, why: `the log could not be fetched: ${why}` };
  }
}

/** Nothing of the address: its query is a key. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'the connection ended';
}
