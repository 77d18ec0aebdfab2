/** Every channel there is; a new one is a file and a line here. */
import type { Config } from '../../context/schemas/config.ts';
import type { Env, NoticeChannel } from './channel.ts';
import { email } from './channels/email.ts';
import { slack } from './channels/slack.ts';
import { telegram } from './channels/telegram.ts';
import { webhook } from './channels/webhook.ts';

export const NOTICE_CHANNELS: readonly NoticeChannel[] = [slack, telegram, webhook, email];

/** The variable that a process lacks to tell anybody over it. */
export function lacks({ variable }: NoticeChannel, env: Env): string | undefined {
  return variable !== undefined && !env[variable] ? variable : undefined;
}

/** Names of the channels that the settings name, for all incidents or for some. */
export function configuredChannels(config: Config): string[] {
  return used(config).map(({ name }) => name);
}

/** Those of them whose variable is not set. */
export function channelsWithoutSecret(config: Config, env: Env): { channel: string; variable: string }[] {
  return used(config).flatMap((channel) => {
    const variable = lacks(channel, env);
    return variable === undefined ? [] : [{ channel: channel.name, variable }];
  });
}

function used({ notify, overrides }: Config): NoticeChannel[] {
  const settings = [notify, ...overrides.map(({ set }) => ({ ...notify, ...set.notify }) as Config['notify'])];
  return NOTICE_CHANNELS.filter((channel) => settings.some((one) => channel.isConfigured(one)));
}
