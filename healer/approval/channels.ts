/** Which channels a person can be asked in, which of them the settings name, and what those lack. */
import type { Config } from '../../context/schemas/config.ts';
import { openSlackWeb } from '../intake/slack/web.ts';
import { openTelegram } from '../notify/telegram/api.ts';
import type { Channel } from './channel.ts';
import { slackChannel } from './channels/slack.ts';
import { telegramChannel } from './telegram/channel.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Name = Config['approval']['channels'][number];

/** Those whose secret is set. */
export function openChannels(env: Env): Channel[] {
  const web = openSlackWeb(env);
  const telegram = openTelegram(env);
  return [...(web ? [slackChannel(web)] : []), ...(telegram ? [telegramChannel(telegram)] : [])];
}

/** What each listed channel needs: variables of which all must be set, and keys of the settings that must not be empty. */
const NEEDS: Record<Name, { variables: readonly string[]; keys(notify: Config['notify']): Record<string, boolean> }> = {
  slack: {
    variables: ['SLACK_BOT_TOKEN'],
    keys: ({ slack }) => ({
      'notify.slack.channel': slack.channel !== '',
      'notify.slack.approvers': slack.approvers.length > 0,
    }),
  },
  telegram: {
    variables: ['TELEGRAM_BOT_TOKEN'],
    keys: ({ telegram }) => ({
      'notify.telegram.chat_id': telegram.chat_id !== '',
      'notify.telegram.approvers': telegram.approvers.length > 0,
    }),
  },
  dashboard: { variables: ['SELF_HEALING_TOKEN'], keys: () => ({}) },
  cli: { variables: [], keys: () => ({}) },
};

export interface ChannelState {
  ready: boolean;
  /** Variables and keys that are not set. */
  missing?: string[];
}

/** Of the listed channels, by name. Slack needs a way for taps besides. */
export function channelStates(
  { approval, notify }: Pick<Config, 'approval' | 'notify'>,
  env: Env,
): Record<string, ChannelState> {
  return Object.fromEntries(
    approval.channels.map((name) => {
      const { variables, keys } = NEEDS[name];
      const missing = [
        ...variables.filter((variable) => !env[variable]),
        ...(name === 'slack' && !env.SLACK_APP_TOKEN && !env.SLACK_SIGNING_SECRET
          ? ['SLACK_APP_TOKEN or SLACK_SIGNING_SECRET']
          : []),
        ...Object.entries(keys(notify)).flatMap(([key, there]) => (there ? [] : [key])),
      ];
      return [name, missing.length > 0 ? { ready: false, missing } : { ready: true }];
    }),
  );
}
