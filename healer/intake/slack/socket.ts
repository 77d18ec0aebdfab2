/**
 * Socket Mode: Slack's requests over a connection that we open, so that no address of ours need be public. Slack ends it
 * now and then; it is opened again, with growing pauses where that fails. A request is acknowledged when it is on disk.
 */

import { setTimeout as wait } from 'node:timers/promises';
import type { SocketModeClient } from '@slack/socket-mode';
import { describeError } from '../../../events/errors.ts';
import { growingPause } from '../../growing-pause.ts';
import type { Log } from '../log.ts';
import { type Intake, take } from '../receive.ts';
import { slack } from '../sources/slack.ts';
import { slackOptions } from './web.ts';

const PAUSES = { firstMs: 1_000, longestMs: 60_000 };
/** A connection that held so long was a good one: the next pause is a short one again. */
const GOOD_MS = 30_000;

interface Envelope {
  ack(body?: object): Promise<void>;
  type: string;
  body: unknown;
}

/** Undefined without `SLACK_APP_TOKEN`. Resolves at once; it connects by itself. */
export function startSocket(intake: Intake, log: Log): { stop(): Promise<void> } | undefined {
  const appToken = intake.env.SLACK_APP_TOKEN;
  if (!appToken) return undefined;
  const ending = new AbortController();
  const running = keepOpen(intake, appToken, log, ending.signal).catch((error: unknown) =>
    log('error', 'slack_socket', { why: describeError(error).message }),
  );
  return {
    async stop() {
      ending.abort();
      await running;
    },
  };
}

async function keepOpen(intake: Intake, appToken: string, log: Log, signal: AbortSignal): Promise<void> {
  const { SocketModeClient: Client } = await import('@slack/socket-mode');
  for (let failures = 0; !signal.aborted; ) {
    const began = performance.now();
    const client = new Client({
      appToken,
      logger: slackOptions(intake.env).logger,
      // Its own way to connect again ends the process where Slack cannot be reached.
      autoReconnectEnabled: false,
      clientOptions: { ...slackOptions(intake.env), retryConfig: { retries: 0 } },
    });
    const why = await session(client, intake, log, signal);
    if (signal.aborted) return;
    failures = performance.now() - began > GOOD_MS ? 0 : failures + 1;
    const pause = failures === 0 ? 0 : growingPause(failures, PAUSES);
    log('warn', 'slack_socket', { why, again_in_ms: pause });
    await wait(pause, undefined, { signal }).catch(() => {});
  }
}

/** From connecting to the end of the connection; why it ended. */
async function session(client: SocketModeClient, intake: Intake, log: Log, signal: AbortSignal): Promise<string> {
  const ended = new Promise<string>((resolve) => {
    client.on('disconnected', () => resolve('the connection ended'));
    client.on('error', () => {});
  });
  client.on('slack_event', (envelope: Envelope) => void onEnvelope(envelope, intake, log));
  const stop = () => void client.disconnect().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.start();
    log('info', 'slack_socket', { connected: true });
    if (signal.aborted) stop();
    return await ended;
  } catch (error) {
    return `Slack's socket could not be opened: ${error instanceof Error ? error.message.slice(0, 200) : 'it ended'}`;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function onEnvelope({ ack, type, body }: Envelope, intake: Intake, log: Log): Promise<void> {
  try {
    const told = type === 'events_api' || type === 'interactive';
    const received = told ? await take(intake, slack, {}, JSON.stringify(body)) : undefined;
    if (received) log('info', 'slack', { outcome: received.outcome });
    // What could not be written stays with Slack, which sends it again.
    if (received?.outcome === 'answered') await ack(received.body);
    else await ack();
  } catch (error) {
    log('error', 'slack_socket', { why: describeError(error).message });
  }
}
