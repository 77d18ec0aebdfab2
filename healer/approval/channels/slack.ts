/** Questions in a Slack channel, with buttons; taps come over Socket Mode or `/intake/slack` and are read in `slack-taps.ts`. */
import type { KnownBlock } from '@slack/web-api';
import { clip } from '../../../events/plain-text.ts';
import type { Asked, SlackWeb } from '../../intake/slack/web.ts';
import { escaped } from '../../intake/slack/words.ts';
import type { Channel, Message, Reference, Sent, Writer } from '../channel.ts';

const EVENT_TYPE = 'self_healing_message';
const QUIET = { unfurl_links: false, unfurl_media: false };
/** Of one section; what is longer goes without blocks. */
const SECTION = 2_900;
const STYLES = { approve: 'primary', skip: 'danger', reject: 'danger' } as const;

export const writer: Writer = {
  foreign: escaped,
  code: (text, max) => `\`\`\`\n${block(text, max)}\n\`\`\``,
  link: (url) => (/^https:\/\/[^\s<>|]{1,500}$/.test(url) ? `<${url}>` : escaped(url, 500)),
};

export function slackChannel(web: SlackWeb): Channel {
  return {
    name: 'slack',
    place: ({ slack }) => slack.channel,
    approvers: ({ slack }) => slack.approvers,
    repliesTo: ({ place, name }) => `${place.split(' ', 1)[0]} ${name}`,
    async post(place, message, mark) {
      const { channel, thread } = parts(place);
      const metadata = { event_type: EVENT_TYPE, event_payload: { mark } };
      const sent = await web.ask((client) =>
        client.chat.postMessage({
          channel,
          ...(thread && { thread_ts: thread }),
          ...content(message),
          ...QUIET,
          metadata,
        }),
      );
      if (!sent.ok) return failure(sent);
      const { ts, channel: id } = sent.data;
      if (!ts) return { ok: false, why: 'Slack did not say where the message stands', passing: true };
      // A channel may be named; messages are updated by its id.
      return { ok: true, data: { place: thread ? `${id ?? channel} ${thread}` : (id ?? channel), name: ts } };
    },
    async update(reference, message) {
      const { channel } = parts(reference.place);
      const updated = await web.ask((client) =>
        client.chat.update({ channel, ts: reference.name, ...content(message) }),
      );
      return updated.ok ? { ok: true, data: undefined } : failure(updated);
    },
    find: (place, mark) => find(web, place, mark),
  };
}

/** What stands behind one button. */
export function tokenOf({ action, incident, key }: Message['buttons'][number]): string {
  return `${action} ${incident} ${key}`;
}

function content(message: Message): { text: string; blocks?: KnownBlock[] } {
  const text = message.text(writer);
  // An empty list takes away the buttons that an earlier text had.
  if (text.length > SECTION) return { text, blocks: [] };
  // Only links that are written as links are links: addresses in an error stay text.
  const section: KnownBlock = { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
  if (message.buttons.length === 0) return { text, blocks: [section] };
  const elements = message.buttons.map((button) => ({
    type: 'button' as const,
    action_id: `self_healing_${button.action}`,
    text: { type: 'plain_text' as const, text: button.label, emoji: true },
    value: tokenOf(button),
    ...(button.action in STYLES && { style: STYLES[button.action as keyof typeof STYLES] }),
  }));
  return { text, blocks: [section, { type: 'actions', elements }] };
}

async function find(web: SlackWeb, place: string, mark: string): Promise<Sent<Reference | undefined>> {
  const { channel, thread } = parts(place);
  const query = { channel, limit: 200, include_all_metadata: true };
  const told = await web.ask((client) =>
    thread ? client.conversations.replies({ ...query, ts: thread }) : client.conversations.history(query),
  );
  // A bot that may not read the channel posts again, at worst twice.
  if (!told.ok) return told.code === 'missing_scope' ? { ok: true, data: undefined } : failure(told);
  const found = (told.data.messages ?? []).find(({ metadata }) => {
    const payload: unknown = metadata?.event_payload;
    return typeof payload === 'object' && payload !== null && 'mark' in payload && payload.mark === mark;
  });
  return { ok: true, data: found?.ts === undefined ? undefined : { place, name: found.ts } };
}

function failure({
  why,
  passing,
  afterMs,
}: Extract<Asked<unknown>, { ok: false }>): Extract<Sent<never>, { ok: false }> {
  return { ok: false, why, passing, ...(afterMs !== undefined && { afterMs }) };
}

/** `C0SHOP`, or `C0SHOP 1700000000.000001` for a thread. */
function parts(place: string): { channel: string; thread: string | undefined } {
  const [channel = '', thread] = place.split(' ');
  return { channel, thread };
}

function block(text: string, max: number): string {
  return clip(text, max)
    .replaceAll('```', "'''")
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
