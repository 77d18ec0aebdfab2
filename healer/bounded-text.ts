/** The body of an answer, of which no more is kept in memory than was asked for. */

/** Undefined when it is longer than `most` bytes; reading ends there. */
export async function boundedText(answered: Response, most: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let read = 0;
  for await (const chunk of (answered.body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    read += chunk.length;
    if (read > most) return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
