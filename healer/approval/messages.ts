/**
 * The clock of our messages in chats: what the rows say is what the messages say, also after a restart. A message that is
 * wanted is a row first, so it is posted once; a chat that does not answer is tried again with growing pauses.
 */

import { describeError } from '../../events/errors.ts';
import {
  beginMessage,
  type ChatMessage,
  forgetMessage,
  hasPostponedMessages,
  noteShown,
  postponeMessage,
  staleMessages,
} from '../../store/chat-messages.ts';
import { growingPause } from '../growing-pause.ts';
import type { Log } from '../intake/log.ts';
import { type Repeating, repeat } from '../repeat.ts';
import type { Workbench } from '../workbench.ts';
import type { Channel, Message, Reference, Sent } from './channel.ts';

export interface MessageKind {
  /** The first word of its rows' subjects. */
  name: string;
  /** What the row's message has to say now; undefined when it is to be followed, or posted, no more. */
  now(row: ChatMessage): Promise<Message | undefined>;
  /** Adds rows for what is to be posted by now; looked at when the database has changed. */
  want?(): Promise<void>;
}

export interface MessageClock {
  bench: Workbench;
  channels: readonly Channel[];
  kinds: readonly MessageKind[];
  log: Log;
}

const LOOK_MS = 1_000;
const PAUSES = { firstMs: 5_000, longestMs: 15 * 60_000 };
/** Updates of one message that stands. A message that is still wanted is tried to be posted without an end. */
const TRIES = 20;
const MOST_AT_ONCE = 20;

export function startMessages(clock: MessageClock): Repeating {
  const { bench, log } = clock;
  let seen = '';
  const look = async () => {
    const mark = bench.db.changeMark();
    if (mark === seen && !hasPostponedMessages(bench.db, bench.now())) return;
    for (const kind of clock.kinds) await kind.want?.();
    const worked = await keepUp(clock);
    // What this look wrote itself is looked at once more; after that the database is as it was.
    seen = worked > 0 ? '' : mark;
  };
  return repeat(async () => {
    await look().catch((error: unknown) => log('error', 'messages_failed', { why: describeError(error).message }));
    return LOOK_MS;
  });
}

/** How many messages were worked on. */
async function keepUp(clock: MessageClock): Promise<number> {
  const { bench, channels, kinds } = clock;
  const names = channels.map(({ name }) => name);
  const rows = staleMessages(bench.db, names, bench.now(), MOST_AT_ONCE);
  for (const row of rows) {
    const channel = channels.find(({ name }) => name === row.chat);
    const kind = kinds.find(({ name }) => name === row.subject.split(' ', 1)[0]);
    const message = await kind?.now(row);
    if (!channel || !message) forgetMessage(bench.db, row);
    else await show(clock, channel, row, message);
  }
  return rows.length;
}

async function show(clock: MessageClock, channel: Channel, row: ChatMessage, message: Message): Promise<void> {
  const { bench, log } = clock;
  const { place, name, version, subject } = row;
  const sent: Sent<Reference> =
    name === null ? await post(clock, channel, row, message) : await update(channel, { place, name }, message);
  if (sent.ok) return noteShown(bench.db, row, { ...sent.data, version }, bench.now());
  log('warn', `${row.chat}_message`, { incident: row.incident, message: subject, why: sent.why });
  const stands = name !== null;
  if (stands && (!sent.passing || row.tries + 1 >= TRIES)) return forgetMessage(bench.db, row);
  // Not posted for good means that people have to change something: it is tried seldom, until nobody wants it any more.
  const pause = sent.passing
    ? growingPause(row.tries + 1, { ...PAUSES, askedMs: sent.afterMs })
    : Math.max(sent.afterMs ?? 0, PAUSES.longestMs);
  postponeMessage(bench.db, row, new Date(bench.now().getTime() + pause));
}

/** One whose answer was not heard is looked for first. */
async function post(
  { bench }: MessageClock,
  channel: Channel,
  row: ChatMessage,
  message: Message,
): Promise<Sent<Reference>> {
  if (row.begun && channel.find) {
    const found = await channel.find(row.place, row.subject);
    if (!found.ok && found.passing) return found;
    if (found.ok && found.data) return update(channel, found.data, message);
  }
  beginMessage(bench.db, row);
  return channel.post(row.place, message, row.subject);
}

async function update(channel: Channel, reference: Reference, message: Message): Promise<Sent<Reference>> {
  const updated = await channel.update(reference, message);
  return updated.ok ? { ok: true, data: reference } : updated;
}
