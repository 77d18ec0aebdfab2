/**
 * All logs of the given globs, followed over rotations and restarts, so that every line is given out once:
 * - renamed: the old file is read on by its descriptor until it is quiet, the new one from its beginning;
 * - truncated or written anew: the rest of what it held is looked for in a copy beside it (copytruncate);
 * - compressed before its end was read: whoever asks for rounds reads the rest from the `.gz` (`read-gone.ts`);
 * - while nobody watched: the file is found again by inode and content, and what was rotated after it is read whole.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';
import { gzHead, gzOf, gzSize, keptItsTime } from './compressed.ts';
import { bytesAt, type Content, contentSchema, digest, MARK_BYTES } from './content.ts';
import { covers, filesOf } from './globs.ts';
import { fileAt, pathHolds, type Sibling, siblingsOf } from './siblings.ts';
import { Tail } from './tail.ts';

/** How often globs are asked for new files. */
const RESCAN_MS = 1_000;
/** Whoever still writes to a file that was renamed has been told to open the new one by then. */
const RETIRE_MS = 60_000;
/** Of one file, before the next one is looked at. */
const FAIR_BYTES = 256 * 1024;
/** Copies that are remembered; older ones were read long ago, and are known by their content all the same. */
const MOST_COPIES = 100;
/** Places in logs that are not followed any more, kept for the day they are again. */
const MOST_LEFT = 500;
/** A stack that stops for this long has ended. */
const QUIET_MS = 500;

export const positionSchema = contentSchema.extend({
  path: z.string(),
  dev: z.number(),
  ino: z.number(),
  /** When it was last written to, as far as it was read. */
  mtime_ms: z.number(),
  /** A copy of what is read elsewhere. */
  copy: z.boolean().optional(),
});
export type Position = z.infer<typeof positionSchema>;

export interface LogSource {
  glob: string;
  service?: string | undefined;
  environment?: string | undefined;
}

export interface Window {
  text: string;
  source: LogSource;
  path: string;
}

/** A file that is no more, and whose rest stands compressed beside it. */
export interface Gone {
  /** Moved on while the rest is read. */
  position: Position;
  source: LogSource;
  file: Sibling;
  /** What is given out in place of the rest, where that cannot be read. */
  held: Window[];
}

interface Followed {
  tail: Tail;
  /** The name that is followed; the file itself may have got another one since. */
  path: string;
  source: LogSource;
  /** Milliseconds of the injected clock at which something last came. */
  heardAt: number;
}

export interface LogFilesOptions {
  sources: readonly LogSource[];
  cwd: string;
  /** A clock that only goes forward. */
  nowMs: () => number;
  problem: (what: string, path: string, why: string) => void;
}

export class LogFiles {
  readonly #options: LogFilesOptions;
  readonly #followed = new Map<string, Followed>();
  /** Which file a followed name stands for now. */
  readonly #current = new Map<string, string>();
  /** Copies that a rotation made, by file. */
  readonly #copies = new Map<string, Position>();
  readonly #unreadable = new Set<string>();
  readonly #left: Position[] = [];
  readonly #gone = new Set<Gone>();
  #paths: { path: string; source: LogSource }[] = [];
  #scannedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LogFilesOptions, known: readonly Position[]) {
    this.#options = options;
    this.#restore(known);
    this.#scan(options.nowMs());
  }

  get size(): number {
    return this.#followed.size;
  }

  /** One look at everything. `behind`: there is more to read at once. */
  round(): { windows: Window[]; bytes: number; behind: boolean } {
    const now = this.#options.nowMs();
    this.#scan(now);
    const windows: Window[] = [];
    let bytes = 0;
    let behind = false;
    for (const followed of [...this.#followed.values()]) {
      const read = this.#read(followed, now);
      for (const text of read.windows) windows.push({ text, source: followed.source, path: followed.path });
      bytes += read.bytes;
      behind ||= read.behind;
    }
    return { windows, bytes, behind };
  }

  /** Whose rest has to be read, until that is settled. */
  get gone(): ReadonlySet<Gone> {
    return this.#gone;
  }

  settle(gone: Gone): void {
    this.#gone.delete(gone);
  }

  /** What was given out so far. */
  positions(): Position[] {
    const followed = [...this.#followed.values()].map(positionOf);
    const gone = [...this.#gone].map(({ position }) => position);
    return [...this.#left.slice(-MOST_LEFT), ...gone, ...followed, ...[...this.#copies.values()].slice(-MOST_COPIES)];
  }

  close(): void {
    for (const { tail } of this.#followed.values()) tail.close();
    this.#followed.clear();
  }

  #scan(now: number): void {
    if (now - this.#scannedAt >= RESCAN_MS) {
      this.#scannedAt = now;
      this.#paths = this.#options.sources.flatMap((source) =>
        filesOf(source.glob, this.#options.cwd).map((path) => ({ path, source })),
      );
    }
    for (const { path, source } of this.#paths) this.#look(path, source, now);
  }

  #read(followed: Followed, now: number): { windows: string[]; bytes: number; behind: boolean } {
    const { tail } = followed;
    const before = tail.contentRead();
    const since = tail.mtimeMs;
    const { windows, bytes, replaced, behind } = tail.read(FAIR_BYTES);
    if (bytes > 0) followed.heardAt = now;
    // Of what was empty nothing tells whether it held something in between.
    if (before.offset === 0 && tail.mtimeMs !== since)
      this.#readMissed(followed.path, followed.source, since, now, [tail.contentRead()]);
    if (replaced) {
      const [read, readSince] = [tail.contentRead(), tail.mtimeMs];
      windows.push(...(this.#readRest(followed) ?? this.#loseRest(followed)));
      tail.startAnew();
      this.#readMissed(followed.path, followed.source, readSince, now, [read]);
      return { windows, bytes, behind: true };
    }
    const quiet = now - followed.heardAt;
    if (bytes === 0 && quiet >= QUIET_MS) windows.push(...tail.flush());
    if (quiet >= RETIRE_MS && ![...this.#current.values()].includes(tail.key)) {
      windows.push(...tail.finish());
      tail.close();
      this.#followed.delete(tail.key);
    }
    return { windows, bytes, behind };
  }

  /** What a truncated file held behind the place reached, where a copy was made of it. */
  #readRest({ tail, path }: Followed): string[] | undefined {
    const read = tail.contentRead();
    const copy = this.#findCopy(path, tail.key, read);
    if (copy === undefined) return undefined;
    this.#ignore(copy, path);
    const windows: string[] = [];
    const fd = openSync(copy.path, 'r');
    try {
      const bytes = Buffer.alloc(256 * 1024);
      for (let at = read.offset; ; ) {
        const count = readSync(fd, bytes, 0, bytes.length, at);
        if (count === 0) break;
        windows.push(...tail.accept(bytes.subarray(0, count)));
        at += count;
      }
    } finally {
      closeSync(fd);
    }
    return [...windows, ...tail.finish()];
  }

  /** No copy was made of it, or that is compressed by now. */
  #loseRest(followed: Followed): string[] {
    const { tail, path } = followed;
    const [position, unread] = [positionOf(followed), tail.unread];
    const windows = tail.finish();
    if (this.#isCompressed(position, followed.source, windows)) return [];
    if (unread > 0) this.#options.problem('truncated', path, `${unread} bytes at its end had not been read`);
    return windows;
  }

  /** Whether what was read stands in a `.gz`; then the rest of it is to be read from there. */
  #isCompressed(position: Position, source: LogSource, windows: string[]): boolean {
    const { path, dev, ino, offset } = position;
    const beside = siblingsOf(path, { compressed: true });
    // One of which nothing was given out yet: it was found by its time, and is known by its number.
    const file = offset === 0 ? beside.find((one) => one.dev === dev && one.ino === ino) : gzOf(beside, position);
    if (file) this.#gone.add({ position, source, file, held: windows.map((text) => ({ text, source, path })) });
    return file !== undefined;
  }

  #findCopy(path: string, key: string, content: Content): Sibling | undefined {
    return siblingsOf(path).findLast((one) => keyOf(one) !== key && pathHolds(one.path, content));
  }

  #ignore(copy: Sibling, path: string): void {
    const { dev, ino, mtimeMs } = copy;
    const head = headOf(copy.path) ?? '';
    this.#copies.set(keyOf(copy), { path, dev, ino, offset: 0, head, tail: '', mtime_ms: mtimeMs, copy: true });
  }

  /** A number of a file that is gone may stand for another one. */
  #isIgnored(file: Sibling): boolean {
    const copy = this.#copies.get(keyOf(file));
    if (copy === undefined) return false;
    if (copy.head === headOf(file.path)) return true;
    this.#copies.delete(keyOf(file));
    return false;
  }

  /** Which file the name stands for now; one that was not known is read from its beginning. */
  #look(path: string, source: LogSource, now: number): void {
    const file = fileAt(path);
    if (file === undefined) {
      this.#current.delete(path);
      return;
    }
    const key = keyOf(file);
    const before = this.#current.get(path);
    if (before === key) return;
    if (this.#followed.has(key)) this.#current.set(path, key);
    else if (this.#isIgnored(file)) return;
    else if (this.#isCopy(file)) this.#ignore(file, path);
    else if (this.#follow(path, path, source, now, 0)) {
      this.#current.set(path, key);
      const tail = this.#followed.get(before ?? '')?.tail;
      if (tail) this.#readMissed(path, source, tail.mtimeMs, now, [tail.contentRead()]);
    }
  }

  /** Whether the file only repeats what another one of its folder held: a copy that is made before that one is truncated. */
  #isCopy(file: Sibling): boolean {
    const beside = new Set(siblingsOf(file.path).map(({ path }) => path));
    return [...this.#followed.values()].some(({ tail, path }) => {
      if (!beside.has(path)) return false;
      const read = tail.contentRead();
      if (read.offset >= MARK_BYTES && file.size >= read.offset) return pathHolds(file.path, read);
      return file.size >= MARK_BYTES && isPrefix(file, tail);
    });
  }

  #follow(file: string, path: string, source: LogSource, now: number, from: number): boolean {
    try {
      const tail = new Tail(file, from);
      this.#followed.set(tail.key, { tail, path, source, heardAt: now });
      this.#unreadable.delete(path);
      return true;
    } catch (error) {
      // Said once; it is tried again with every look.
      if (!this.#unreadable.has(path)) this.#options.problem('unreadable', path, String(error));
      this.#unreadable.add(path);
      return false;
    }
  }

  #restore(known: readonly Position[]): void {
    const now = this.#options.nowMs();
    /** By followed name: when the newest of its files was written to, and what was read of each. */
    const names = new Map<string, { since: number; source: LogSource; known: Content[] }>();
    for (const position of known) {
      const { path } = position;
      if (position.copy) {
        this.#copies.set(keyOf(position), position);
        continue;
      }
      const source = this.#sourceOf(path);
      if (source === undefined) {
        if (!this.#options.sources.some(({ glob }) => covers(glob, this.#options.cwd, path))) this.#left.push(position);
        continue;
      }
      const found = this.#find(position);
      if (found && this.#follow(found.path, path, source, now, position.offset)) {
        if (found.path === path) this.#current.set(path, keyOf(found));
        else if (keyOf(found) !== keyOf(position)) this.#ignore(found, path);
      } else if (!this.#isCompressed(position, source, []) && position.offset > 0)
        this.#options.problem(
          'rotated_away',
          path,
          `what it held behind its first ${position.offset} bytes is in no file beside it`,
        );
      const name = names.get(path) ?? { since: 0, source, known: [] };
      names.set(path, name);
      name.since = Math.max(name.since, position.mtime_ms);
      name.known.push(position);
    }
    for (const [path, { since, source, known: read }] of names) {
      this.#readMissed(path, source, since, now, read);
      this.#readMissedCompressed(path, source, since, read);
    }
  }

  #sourceOf(path: string): LogSource | undefined {
    return this.#options.sources.find(({ glob }) => filesOf(glob, this.#options.cwd).includes(path));
  }

  /** By inode and content; else whatever holds the content; a file of which nothing was read by its inode alone. */
  #find(position: Position): Sibling | undefined {
    const here = fileAt(position.path);
    const candidates = [...(here ? [here] : []), ...siblingsOf(position.path)];
    const same = candidates.find(({ dev, ino }) => dev === position.dev && ino === position.ino);
    if (same && (position.offset === 0 || pathHolds(same.path, position))) return same;
    return candidates.findLast((one) => pathHolds(one.path, position));
  }

  /**
   * What was written and rotated between two looks, or while nobody watched: files beside that were written to since, and
   * do not begin as what was read.
   */
  #readMissed(path: string, source: LogSource, since: number, now: number, known: readonly Content[]): void {
    for (const one of siblingsOf(path, { close: true })) {
      if (one.mtimeMs < since || this.#followed.has(keyOf(one)) || this.#isIgnored(one)) continue;
      if (known.some((content) => content.offset > 0 && headOf(one.path, content.offset) === content.head))
        this.#ignore(one, path);
      // A copy of what is about to be truncated; once that is done, it is looked at again.
      else if (headOf(one.path) !== headOf(path)) this.#follow(one.path, path, source, now, 0);
    }
  }

  /** The same for what was compressed as well: whole, where its time tells for certain that nobody has read it. */
  #readMissedCompressed(path: string, source: LogSource, since: number, known: readonly Content[]): void {
    for (const file of siblingsOf(path, { close: true, compressed: true })) {
      if (file.mtimeMs <= since) continue;
      if (known.some((content) => content.offset > 0 && gzHead(file.path, content.offset) === content.head)) continue;
      const head = gzHead(file.path);
      if (head !== undefined && keptItsTime(file)) {
        const position = { path, dev: file.dev, ino: file.ino, mtime_ms: since, offset: 0, head: '', tail: '' };
        this.#gone.add({ position, source, file, held: [] });
      } else {
        const size = head === undefined ? undefined : gzSize(file);
        const bytes = size === undefined ? `${file.size} compressed bytes` : `${size} bytes`;
        this.#options.problem('not_read', path, `${file.path} (${bytes}) may hold what nobody has read`);
      }
    }
  }
}

function positionOf({ tail, path }: Followed): Position {
  return { ...tail.content(), path, dev: tail.dev, ino: tail.ino, mtime_ms: tail.mtimeMs };
}

function keyOf({ dev, ino }: Pick<Sibling, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`;
}

function headOf(path: string, length = MARK_BYTES): string | undefined {
  try {
    const fd = openSync(path, 'r');
    try {
      return digest(bytesAt(fd, 0, Math.min(MARK_BYTES, length)));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

/** Whether the file ends as the other one goes on at the same place, and begins as it does. */
function isPrefix(file: Sibling, tail: Tail): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(file.path, 'r');
    const from = Math.max(0, file.size - MARK_BYTES);
    return (
      bytesAt(fd, 0, MARK_BYTES).equals(bytesAt(tail.fd, 0, MARK_BYTES)) &&
      bytesAt(fd, from, file.size).equals(bytesAt(tail.fd, from, file.size))
    );
  } catch {
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
