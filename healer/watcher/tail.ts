/**
 * One file of lines, followed by its open descriptor and never by its name: read from where it was left, in whole lines,
 * a half one at its end kept for later. It tells when the file holds something else than what was read (truncated, written
 * anew), checking before and after every read, so that nothing of another content is taken for the rest of this one.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Sifter } from '../../events/log-line/sifter.ts';
import { bytesAt, type Content, digest, MARK_BYTES } from './content.ts';

const CHUNK = 192 * 1024;
/** A line longer than this is cut: the rest of it is no line of its own that means anything. */
const MAX_LINE = 1024 * 1024;
const LINE_FEED = 0x0a;
/** One for all: it is filled and read within one call. */
const chunk = Buffer.allocUnsafe(CHUNK);

export class Tail {
  readonly fd: number;
  readonly dev: number;
  readonly ino: number;
  #readAt: number;
  #head: Buffer;
  /** The last bytes read: those not given out yet, and `MARK_BYTES` before them. */
  #recent: Buffer;
  #half: Buffer[] = [];
  #halfBytes = 0;
  #sifter = new Sifter();
  #size = -1;
  #mtimeMs = -1;
  #seenMtimeMs: number;

  /** `from`: what was read of it before; nothing for a new file. */
  constructor(path: string, from = 0) {
    this.fd = openSync(path, 'r');
    const { dev, ino, mtimeMs } = fstatSync(this.fd);
    this.dev = dev;
    this.ino = ino;
    this.#seenMtimeMs = mtimeMs;
    this.#readAt = from;
    this.#head = bytesAt(this.fd, 0, Math.min(MARK_BYTES, from));
    this.#recent = bytesAt(this.fd, Math.max(0, from - MARK_BYTES), from);
  }

  get key(): string {
    return `${this.dev}:${this.ino}`;
  }

  /** When it was last written to, as of the last look. */
  get mtimeMs(): number {
    return this.#seenMtimeMs;
  }

  /** Bytes that were there at the last look, and were not read. */
  get unread(): number {
    return Math.max(0, this.#size - this.#readAt);
  }

  /** What was given out, and may be forgotten: up to here nobody has to read again. */
  content(): Content {
    const kept = this.#sifter.openBytes + this.#halfBytes;
    const offset = this.#readAt - kept;
    const before = this.#recent.subarray(0, this.#recent.length - kept).subarray(-MARK_BYTES);
    return { offset, head: digest(this.#head.subarray(0, offset)), tail: digest(before) };
  }

  /** Everything read, given out or not. */
  contentRead(): Content {
    return { offset: this.#readAt, head: digest(this.#head), tail: digest(this.#recent.subarray(-MARK_BYTES)) };
  }

  /**
   * Reads at most `limit` bytes. `replaced`: it holds something else by now; nothing of that was taken. `behind`: there is
   * more.
   */
  read(limit: number): { windows: string[]; bytes: number; replaced: boolean; behind: boolean } {
    const windows: string[] = [];
    let bytes = 0;
    for (;;) {
      const { size, mtimeMs } = fstatSync(this.fd);
      const same = size === this.#size && mtimeMs === this.#mtimeMs && size === this.#readAt;
      if (same) return { windows, bytes, replaced: false, behind: false };
      if (size < this.#readAt || !this.#isStill()) return { windows, bytes, replaced: true, behind: true };
      this.#size = size;
      this.#mtimeMs = this.#seenMtimeMs = mtimeMs;
      if (size === this.#readAt) return { windows, bytes, replaced: false, behind: false };
      if (bytes >= limit) return { windows, bytes, replaced: false, behind: true };
      const count = readSync(this.fd, chunk, 0, CHUNK, this.#readAt);
      if (count === 0 || !this.#isStill()) return { windows, bytes, replaced: true, behind: true };
      windows.push(...this.accept(chunk.subarray(0, count)));
      bytes += count;
    }
  }

  /** Takes bytes as the next ones of this file. */
  accept(bytes: Buffer): string[] {
    this.#readAt += bytes.length;
    if (this.#head.length < MARK_BYTES) this.#head = Buffer.concat([this.#head, bytes]).subarray(0, MARK_BYTES);
    const last = bytes.lastIndexOf(LINE_FEED);
    const windows: string[] = [];
    if (last === -1) {
      this.#half.push(Buffer.from(bytes));
      this.#halfBytes += bytes.length;
      if (this.#halfBytes > MAX_LINE) windows.push(...this.#endHalf());
    } else {
      // Only the line that was begun is copied, not all that came with its end.
      const first = this.#halfBytes === 0 ? 0 : bytes.indexOf(LINE_FEED) + 1;
      if (first > 0) windows.push(...this.#sifter.push(Buffer.concat([...this.#half, bytes.subarray(0, first)])));
      if (first <= last) windows.push(...this.#sifter.push(bytes.subarray(first, last + 1)));
      this.#half = last + 1 < bytes.length ? [Buffer.from(bytes.subarray(last + 1))] : [];
      this.#halfBytes = bytes.length - last - 1;
    }
    const wanted = MARK_BYTES + this.#sifter.openBytes + this.#halfBytes;
    this.#recent =
      bytes.length >= wanted
        ? Buffer.from(bytes.subarray(bytes.length - wanted))
        : Buffer.from(Buffer.concat([this.#recent, bytes]).subarray(-wanted));
    return windows;
  }

  /** Gives out the open window: nothing more came for a while. A half line stays: its end may still come. */
  flush(): string[] {
    const windows = this.#sifter.flush();
    this.#recent = Buffer.from(this.#recent.subarray(-(MARK_BYTES + this.#halfBytes)));
    return windows;
  }

  /** Gives out everything: nothing more comes of this content. */
  finish(): string[] {
    return [...this.#endHalf(), ...this.flush()];
  }

  /** From now on the file's new content is read, from its beginning. */
  startAnew(): void {
    this.#readAt = 0;
    this.#size = this.#mtimeMs = -1;
    this.#head = Buffer.alloc(0);
    this.#recent = Buffer.alloc(0);
  }

  close(): void {
    closeSync(this.fd);
  }

  #endHalf(): string[] {
    if (this.#halfBytes === 0) return [];
    const line = Buffer.concat(this.#half);
    this.#half = [];
    this.#halfBytes = 0;
    return this.#sifter.push(line);
  }

  #isStill(): boolean {
    const { length } = this.#head;
    if (!bytesAt(this.fd, 0, length).equals(this.#head)) return false;
    const before = this.#recent.subarray(-MARK_BYTES);
    return bytesAt(this.fd, this.#readAt - before.length, this.#readAt).equals(before);
  }
}
