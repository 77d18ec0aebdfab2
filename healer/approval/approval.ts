/** Everything of `serve` that asks people and takes their answers: the desk, the chats, and the clocks that follow the rows. */
import type { Log } from '../intake/log.ts';
import type { Intake } from '../intake/receive.ts';
import { answerMessages } from '../intake/slack/answers.ts';
import type { SlackWeb } from '../intake/slack/web.ts';
import { detailsMessages, questionMessages } from './asked.ts';
import { startCarryOut } from './carry-out.ts';
import { slackTaps } from './channels/slack-taps.ts';
import { channelStates, openChannels } from './channels.ts';
import { type Desk, openDesk } from './desk.ts';
import { startExpiry } from './expiry.ts';
import { startMessages } from './messages.ts';
import { startTelegram } from './telegram/telegram.ts';

export interface Approval {
  desk: Desk;
  /** The clocks: from here on people are asked, and what they decided is carried out. */
  start(): { stop(): Promise<void> };
}

export function openApproval(intake: Intake, { web, log }: { web: SlackWeb | undefined; log: Log }): Approval {
  const { bench, env, settings, dryRun } = intake;
  const channels = openChannels(env);
  const desk = openDesk({ bench, settings, dryRun });
  if (web) intake.taps = { ...intake.taps, slack: slackTaps({ bench, web, desk, log }) };
  const kinds = [answerMessages(bench), detailsMessages(bench), questionMessages(bench, channels, settings)];
  return {
    desk,
    start() {
      // A dry run tells nobody outside anything, and publishes nothing.
      const clocks = dryRun
        ? []
        : [
            startMessages({ bench, channels, kinds, log }),
            startCarryOut({ bench, desk, log, env }),
            startExpiry({ bench, settings, log }),
          ];
      const telegram = dryRun ? undefined : startTelegram({ bench, env, desk, settings, log });
      void warnOfChannels(intake, log);
      return {
        async stop() {
          await telegram?.stop();
          await Promise.all(clocks.map((clock) => clock.stop()));
        },
      };
    },
  };
}

async function warnOfChannels({ settings, env }: Intake, log: Log): Promise<void> {
  const { config } = await settings();
  for (const [channel, { ready, missing = [] }] of Object.entries(channelStates(config, env)))
    if (!ready)
      log('warn', 'channel_not_ready', { channel, missing, why: 'nobody is asked there until these are set' });
}
