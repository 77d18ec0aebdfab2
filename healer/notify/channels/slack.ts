/** A message in `notify.slack.channel`. Its mark stands in Slack's metadata, so that one that arrived is found again. */
import { openSlackWeb, type SlackWeb } from '../../intake/slack/web.ts';
import { escaped } from '../../intake/slack/words.ts';
import type { NoticeChannel, Told } from '../channel.ts';
import { noticeText } from '../words.ts';

const EVENT_TYPE = 'self_healing_hand_over';
/** Only by its id can a channel be asked what stands in it. */
const CHANNEL_ID = /^[CDG][A-Z0-9]{5,20}$/;
/** How far back the message is looked for, in messages of the channel. */
const LOOK_BACK = 200;

export const slack: NoticeChannel = {
  name: 'slack',
  variable: 'SLACK_BOT_TOKEN',
  isConfigured: (notify) => notify.slack.channel !== '',
  async send(notice, { notify, env, again }): Promise<Told> {
    const web = openSlackWeb(env);
    if (web === undefined) return { outcome: 'later', why: 'SLACK_BOT_TOKEN is not set' };
    const { channel } = notify.slack;
    if (again && (await wasSaid(web, channel, notice.mark))) return { outcome: 'told', why: 'it had arrived before' };
    const sent = await web.ask((client) =>
      client.chat.postMessage({
        channel,
        text: noticeText(notice, { strong: (text) => `*${text}*`, foreign: (text) => `\`${escaped(text, 1000)}\`` }),
        unfurl_links: false,
        unfurl_media: false,
        metadata: { event_type: EVENT_TYPE, event_payload: { mark: notice.mark } },
      }),
    );
    if (sent.ok) return { outcome: 'told' };
    const { why, passing, afterMs } = sent;
    return passing ? { outcome: 'later', why, afterMs } : { outcome: 'never', why: `${why} for notify.slack.channel` };
  },
};

async function wasSaid(web: SlackWeb, channel: string, mark: string): Promise<boolean> {
  if (!CHANNEL_ID.test(channel)) return false;
  const history = await web.ask((client) =>
    client.conversations.history({ channel, limit: LOOK_BACK, include_all_metadata: true }),
  );
  if (!history.ok) return false;
  return (history.data.messages ?? []).some(({ metadata }) => {
    const payload: unknown = metadata?.event_payload;
    return typeof payload === 'object' && payload !== null && 'mark' in payload && payload.mark === mark;
  });
}
