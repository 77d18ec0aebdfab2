/**
 * What a rotation has compressed: which `.gz` beside a log begins as what was read of it, and the rest of it, read once from
 * there. In one pass and in memory that does not grow with the file; where it stands is told like that of any other file.
 */
import { closeSync, createReadStream, openSync, statSync } from 'node:fs';
import { createGunzip, gunzipSync, constants as zlib } from 'node:zlib';
import { Sifter } from '../../events/log-line/sifter.ts';
import { bytesAt, type Content, digest, MARK_BYTES } from './content.ts';
import type { Sibling } from './siblings.ts';

/** Enough for the first bytes of any log, and no more than a few megabytes however well it was compressed. */
const HEAD_BYTES = 4096;
const MAX_LINE = 1024 * 1024;
const LINE_FEED = 0x0a;

/** Digest of its first bytes, uncompressed; undefined where it cannot be read. */
export function gzHead(path: string, length = MARK_BYTES): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    const bytes = gunzipSync(bytesAt(fd, 0, HEAD_BYTES), { finishFlush: zlib.Z_SYNC_FLUSH });
    return digest(bytes.subarray(0, Math.min(MARK_BYTES, length)));
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** The newest of them that begins as what was read; whether it goes on as well is known when it is read. */
export function gzOf(files: readonly Sibling[], content: Content): Sibling | undefined {
  return files.findLast((one) => gzHead(one.path, content.offset) === content.head);
}

/** How many bytes it says that it held (modulo 4 GiB); undefined where it cannot be read. */
export function gzSize({ path, size }: Sibling): number | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    const trailer = bytesAt(fd, size - 4, size);
    return trailer.length === 4 ? trailer.readUInt32LE() : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** How long compressing takes at least to show: a file whose time is older has kept that of what it was made of. */
const KEPT_MS = 2_000;

/** Whether its time is that of the last line in it, as `gzip` and `logrotate` keep it, and not that of the compressing. */
export function keptItsTime({ path, mtimeMs }: Sibling): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0) - mtimeMs >= KEPT_MS;
}

export type GzRead =
  /** `content`: up to where it has been given out, with these windows. */
  | { windows: string[]; content: Content; bytes: number }
  /** It does not hold what was read, or cannot be read on. `bytes`: how many were read behind the place. */
  | { why: string; bytes: number };

/** Everything behind `content.offset`; one that fails says so last. */
export async function* readGz(path: string, content: Content, signal: AbortSignal): AsyncGenerator<GzRead> {
  const reading = new Reading(content);
  const file = createReadStream(path);
  const unzip = createGunzip();
  file.on('error', (error) => unzip.destroy(error));
  const stop = () => unzip.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of file.pipe(unzip) as AsyncIterable<Buffer>) {
      const windows = reading.accept(chunk);
      if (windows === undefined) return yield { why: 'it holds something else', bytes: 0 };
      if (windows.length > 0) yield { windows, content: reading.content(), bytes: reading.bytes };
    }
    if (signal.aborted) return;
    if (reading.bytes < 0) return yield { why: 'it ends before the place reached', bytes: 0 };
    yield { windows: reading.finish(), content: reading.content(), bytes: reading.bytes };
  } catch (error) {
    if (!signal.aborted) yield { why: error instanceof Error ? error.message : String(error), bytes: reading.bytes };
  } finally {
    signal.removeEventListener('abort', stop);
    file.destroy();
    unzip.destroy();
  }
}

/** Bytes of one content, in order from its beginning, of which those behind a place are sifted. */
class Reading {
  readonly #from: Content;
  readonly #sifter = new Sifter();
  #at = 0;
  #head = Buffer.alloc(0);
  /** The last bytes: those not given out yet, and `MARK_BYTES` before them. */
  #recent = Buffer.alloc(0);
  #half = Buffer.alloc(0);

  constructor(from: Content) {
    this.#from = from;
  }

  /** How many were read behind the place; negative before it. */
  get bytes(): number {
    return this.#at - this.#from.offset;
  }

  /** Undefined when this is not the content that was begun. */
  accept(chunk: Buffer): string[] | undefined {
    const before = Math.max(0, Math.min(chunk.length, -this.bytes));
    if (before > 0) {
      this.#take(chunk.subarray(0, before));
      if (this.bytes === 0 && !this.#isFrom()) return undefined;
    }
    const bytes = chunk.subarray(before);
    if (bytes.length === 0) return [];
    const all = Buffer.concat([this.#half, bytes]);
    const end = all.length > MAX_LINE ? all.length : all.lastIndexOf(LINE_FEED) + 1;
    const windows = end > 0 ? this.#sifter.push(all.subarray(0, end)) : [];
    this.#half = Buffer.from(all.subarray(end));
    this.#take(bytes);
    return windows;
  }

  finish(): string[] {
    const last = this.#half.length > 0 ? this.#sifter.push(this.#half) : [];
    this.#half = Buffer.alloc(0);
    return [...last, ...this.#sifter.flush()];
  }

  content(): Content {
    const kept = this.#sifter.openBytes + this.#half.length;
    const offset = this.#at - kept;
    const before = this.#recent.subarray(0, this.#recent.length - kept).subarray(-MARK_BYTES);
    return { offset, head: digest(this.#head.subarray(0, offset)), tail: digest(before) };
  }

  #take(bytes: Buffer): void {
    this.#at += bytes.length;
    if (this.#head.length < MARK_BYTES) this.#head = Buffer.concat([this.#head, bytes]).subarray(0, MARK_BYTES);
    const wanted = MARK_BYTES + this.#sifter.openBytes + this.#half.length;
    this.#recent = Buffer.from(Buffer.concat([this.#recent, bytes]).subarray(-wanted));
  }

  #isFrom(): boolean {
    const { offset, head, tail } = this.#from;
    return (
      digest(this.#head.subarray(0, Math.min(MARK_BYTES, offset))) === head &&
      digest(this.#recent.subarray(-MARK_BYTES)) === tail
    );
  }
}
