/** Whether a file still holds, or holds as well, what was read: by its first bytes and those before the place reached. */
import { createHash } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';
import { z } from 'zod';

/** How many bytes at either end are compared. A log whose first line carries a time differs in them from any other. */
export const MARK_BYTES = 256;

/** What is known of the first `offset` bytes of a file: digests of its first bytes, and of the last ones before the offset. */
export const contentSchema = z.object({
  offset: z.number().int().nonnegative(),
  head: z.string(),
  tail: z.string(),
});
export type Content = z.infer<typeof contentSchema>;

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 24);
}

/** Fewer bytes where the file ends earlier. */
export function bytesAt(fd: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
}

export function contentOf(fd: number, offset: number): Content {
  return {
    offset,
    head: digest(bytesAt(fd, 0, Math.min(MARK_BYTES, offset))),
    tail: digest(bytesAt(fd, Math.max(0, offset - MARK_BYTES), offset)),
  };
}

/** Nothing read says nothing: an offset of 0 is in no file. */
export function holds(fd: number, content: Content): boolean {
  if (content.offset === 0 || fstatSync(fd).size < content.offset) return false;
  const found = contentOf(fd, content.offset);
  return found.head === content.head && found.tail === content.tail;
}
