/**
 * Sentry's envelope: a line of JSON for the whole, then items, each a line of JSON and a payload, which is as long as its
 * header says or ends with the line. Payloads may be binary, so it is cut by bytes.
 */
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { parseJson } from '../../json-body.ts';
import { word } from './event-schema.ts';

/** Nothing that an SDK sends at once has more parts. */
const MAX_ITEMS = 1000;
const LINE_FEED = 10;

const headerSchema = z.object({ event_id: word, dsn: word, sent_at: word, project: word });
const itemHeaderSchema = z.object({
  type: z.string().min(1).max(100),
  length: z.int('must be a whole number of bytes').nonnegative().nullish(),
});

export interface EnvelopeItem {
  type: string;
  payload: Uint8Array;
}

export interface Envelope {
  header: z.output<typeof headerSchema>;
  items: EnvelopeItem[];
}

/** Throws UserError (`bad_input`) naming what is wrong. */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  let at = 0;
  /** To the end of the line, or as many bytes as are given. */
  const take = (length?: number): Uint8Array => {
    const end = length === undefined ? indexOfLineEnd(bytes, at) : at + length;
    if (end > bytes.length) throw broken(`an item should have ${length} bytes, and ${bytes.length - at} are left`);
    const part = bytes.subarray(at, end);
    if (length !== undefined && end < bytes.length && bytes[end] !== LINE_FEED)
      throw broken('an item goes on after the length that its header says');
    at = end + 1;
    return part;
  };
  const header = parseJson(utf8(take(), 'the first line'), headerSchema, 'an envelope of Sentry');
  const items: EnvelopeItem[] = [];
  while (at < bytes.length) {
    const line = utf8(take(), 'the header of an item');
    // Some SDKs end with empty lines.
    if (line.trim() === '') continue;
    if (items.length === MAX_ITEMS) throw broken(`it has more than ${MAX_ITEMS} items`);
    const { type, length } = parseJson(line, itemHeaderSchema, 'an item of an envelope of Sentry');
    items.push({ type, payload: take(length ?? undefined) });
  }
  if (items.length === 0) throw broken('it has no items');
  return { header, items };
}

/** The first line alone, for who asks before the rest is trusted; undefined where it is none. */
export function envelopeDsn(bytes: Uint8Array): string | undefined {
  try {
    const line = bytes.subarray(0, Math.min(indexOfLineEnd(bytes, 0), 16_384));
    return parseJson(utf8(line, 'the first line'), headerSchema, 'an envelope of Sentry').dsn;
  } catch {
    return undefined;
  }
}

export function utf8(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw broken(`${what} is not UTF-8 text`);
  }
}

function indexOfLineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(LINE_FEED, from);
  return end === -1 ? bytes.length : end;
}

function broken(why: string): UserError {
  return new UserError(`This is not an envelope of Sentry: ${why}.`, 'Send what a Sentry SDK sends to its DSN.');
}
