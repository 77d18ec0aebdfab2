/** Compressed bodies, bounded in what comes out: a kilobyte may hold a gigabyte. */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

/** Sentry's SDKs pack traces and replays beside errors, which shrink to a tenth. */
export const MAX_DECOMPRESSED = 4 * 1024 * 1024;
/** One over the other is allowed by HTTP, and nobody sends more than two. */
const MAX_LAYERS = 2;

type Decoder = (bytes: Buffer) => Promise<Buffer>;

const options = { maxOutputLength: MAX_DECOMPRESSED };
const gzip: Decoder = (bytes) => promisify(gunzip)(bytes, options);
const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip,
  'x-gzip': gzip,
  br: (bytes) => promisify(brotliDecompress)(bytes, options),
  // Meant is zlib's format, which some senders leave the frame of away.
  deflate: (bytes) => promisify(((bytes[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw)(bytes, options),
};

export type Decompressed = { ok: true; bytes: Buffer } | { ok: false; why: 'unknown' | 'broken' | 'too_large' };

/** `encoding`: the header Content-Encoding. */
export async function decompress(body: Buffer, encoding: string | undefined): Promise<Decompressed> {
  const layers = (encoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  if (layers.length > MAX_LAYERS) return { ok: false, why: 'unknown' };
  let bytes = body;
  for (const layer of layers.reverse()) {
    const decode = Object.hasOwn(DECODERS, layer) ? DECODERS[layer] : undefined;
    if (decode === undefined) return { ok: false, why: 'unknown' };
    try {
      bytes = await decode(bytes);
    } catch (error) {
      const large = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      return { ok: false, why: large ? 'too_large' : 'broken' };
    }
  }
  return { ok: true, bytes };
}
