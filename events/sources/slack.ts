/**
 * Slack's Events API, and the shortcut on a message: what somebody said to the bot. Socket Mode brings the same bodies. An
 * error may also stand in the thread that the bot was called into: that is looked up after the delivery.
 */
import { z } from 'zod';
import { anyLink } from '../chat/links.ts';
import { type SlackMessageBody, slackMessageSchema, slackSnippets, slackText } from '../chat/slack-text.ts';
import { toldErrors } from '../chat/told-errors.ts';
import { eventId } from '../event-id.ts';
import { parseJson } from '../json-body.ts';
import { parseTime } from '../log-line/time.ts';
import type { Occurrence } from '../occurrence.ts';

const id = z.string().min(1).max(100);
const MOST_SNIPPETS = 3;

const eventSchema = slackMessageSchema.partial({ ts: true }).extend({
  type: z.string(),
  channel: id.nullish(),
  channel_type: z.string().nullish(),
  user_team: id.nullish(),
});
const callbackSchema = z.object({
  type: z.literal('event_callback'),
  event_id: id.optional(),
  team_id: id.nullish(),
  is_ext_shared_channel: z.boolean().nullish(),
  event: eventSchema,
  authorizations: z.array(z.object({ user_id: id.nullish() })).nullish(),
});
const shortcutSchema = z.object({
  type: z.literal('message_action'),
  channel: z.object({ id }),
  user: z.object({ id }),
  message: slackMessageSchema,
});
const otherSchema = z.object({ type: z.enum(['app_rate_limited', 'block_actions', 'view_submission', 'shortcut']) });
const bodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('url_verification'), challenge: z.string().max(1000) }),
  callbackSchema,
  shortcutSchema,
  otherSchema,
]);
export type SlackBody = z.output<typeof bodySchema>;

/** What is kept of a message until it has been answered. */
export const saidSchema = z.object({
  channel: id,
  ts: id,
  /** The thread it stands in, when it is not the first of one. */
  thread: id.optional(),
  /** Who said it to us. */
  user: id,
  text: z.string(),
  /** Addresses of texts that are attached. */
  snippets: z.array(z.string()),
});
export type Said = z.infer<typeof saidSchema>;

export type SlackReading = { said: Said } | { said: undefined; why: string };

/** Throws UserError for a body that is none of Slack's. A shortcut comes as a form. */
export function parseSlack(body: string): SlackBody {
  const form = body.startsWith('payload=') ? new URLSearchParams(body).get('payload') : null;
  return parseJson(form ?? body, bodySchema, "a request of Slack's Events API");
}

/** What was said to the bot, or why nobody spoke to it. */
export function readSaid(body: SlackBody): SlackReading {
  switch (body.type) {
    case 'message_action':
      return said(body.message, body.channel.id, body.user.id);
    case 'event_callback':
      return ofEvent(body);
    case 'url_verification':
    case 'app_rate_limited':
    case 'block_actions':
    case 'view_submission':
    case 'shortcut':
      return { said: undefined, why: 'it tells of no message' };
    default:
      return body satisfies never;
  }
}

function ofEvent({ event, authorizations, ...where }: z.output<typeof callbackSchema>): SlackReading {
  const { type, channel, channel_type, ts, user, bot_id, subtype } = event;
  const none = (why: string): SlackReading => ({ said: undefined, why });
  const us = (authorizations ?? []).flatMap(({ user_id }) => user_id ?? []);
  if (type !== 'app_mention' && type !== 'message') return none('it tells of no message');
  if (bot_id || subtype === 'bot_message' || (user && us.includes(user)))
    return none('a bot said it, perhaps this one');
  // Edits, joins, deletions; a file and a message that is also shown in the channel are said by somebody.
  if (subtype && subtype !== 'file_share' && subtype !== 'thread_broadcast') return none('nothing new was said');
  if (!channel || !ts || !user) return none('it is not told who said it, or where');
  // In a channel that is shared with another organisation.
  if (where.is_ext_shared_channel && event.user_team && where.team_id && event.user_team !== where.team_id)
    return none('somebody of another workspace said it');
  const named = us.some((own) => event.text?.includes(`<@${own}>`));
  if (type === 'message' && channel_type !== 'im' && !named) return none('nobody spoke to the bot');
  return said({ ...event, ts }, channel, user);
}

function said(message: SlackMessageBody, channel: string, user: string): SlackReading {
  const thread = message.thread_ts && message.thread_ts !== message.ts ? message.thread_ts : undefined;
  const snippets = slackSnippets(message).slice(0, MOST_SNIPPETS);
  return { said: { channel, ts: message.ts, thread, user, text: slackText(message), snippets } };
}

export function readSlack(body: string): Occurrence[] {
  const reading = readSaid(parseSlack(body));
  if (reading.said === undefined) return [{ type: '', message: 'a message', notActionable: reading.why }];
  const told = saidErrors(reading.said, reading.said.text);
  return told.length > 0 ? told : [{ type: '', message: 'a message', notActionable: 'it tells of no error' }];
}

/** The errors that a text tells, which is the message's own or one that it points at. Said again, they are the same. */
export function saidErrors({ channel, ts, user }: Said, text: string): Occurrence[] {
  return toldErrors(text).map((one, at) => ({
    ...one,
    id: eventId('slack', channel, ts, at),
    trigger: 'manual',
    time: one.time ?? parseTime(new Date(Number(ts) * 1000).toISOString()),
    url: one.url ?? anyLink(text),
    labels: { ...one.labels, channel, user },
  }));
}
