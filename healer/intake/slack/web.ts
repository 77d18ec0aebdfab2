/** Slack's Web API through Slack's own client, loaded when it is first needed: other commands do not pay for it. */
import type { WebClient } from '@slack/web-api';
import { oneLine } from '../../../events/plain-text.ts';

export type Asked<T> =
  | { ok: true; data: T }
  /** `code`: Slack's word for it; empty when it did not answer. */
  | { ok: false; code: string; why: string; passing: boolean; afterMs?: number };

export interface SlackWeb {
  ask<T>(what: (client: WebClient) => Promise<T>): Promise<Asked<T>>;
}

/** Slack's own troubles, and those with our token, which people put right. */
const PASSING =
  /^(?:internal_error|fatal_error|service_unavailable|request_timeout|ratelimited|invalid_auth|not_authed|account_inactive|token_revoked|token_expired|missing_scope)$/;

type Env = Readonly<Record<string, string | undefined>>;
const TIMEOUT_MS = 15_000;
const SILENT = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => 'error' as never,
};

/** Of both clients: nothing of ours is logged by them, and `SLACK_API_URL` stands for Slack. */
export function slackOptions(env: Env) {
  const url = env.SLACK_API_URL;
  return { logger: SILENT, timeout: TIMEOUT_MS, ...(url && { slackApiUrl: url.endsWith('/') ? url : `${url}/` }) };
}

/** Undefined without `SLACK_BOT_TOKEN`. */
export function openSlackWeb(env: Env): SlackWeb | undefined {
  const token = env.SLACK_BOT_TOKEN;
  if (!token) return undefined;
  let client: Promise<WebClient> | undefined;
  const open = async () => {
    const { WebClient: Client } = await import('@slack/web-api');
    // What is to be tried again is a row of ours, with pauses of its own.
    return new Client(token, { ...slackOptions(env), retryConfig: { retries: 0 }, rejectRateLimitedCalls: true });
  };
  return {
    async ask(what) {
      client ??= open();
      try {
        return { ok: true, data: await what(await client) };
      } catch (error) {
        return refusalOf(error, await import('@slack/web-api'), token);
      }
    },
  };
}

type Api = typeof import('@slack/web-api');

function refusalOf(error: unknown, api: Api, token: string): Asked<never> {
  if (error instanceof api.WebAPIRateLimitedError) {
    const why = 'Slack asks to slow down';
    return { ok: false, code: 'ratelimited', why, passing: true, afterMs: error.retryAfter * 1000 };
  }
  if (error instanceof api.WebAPIPlatformError) {
    const code = oneLine(String(error.data.error), 100);
    const passing = PASSING.test(code);
    return { ok: false, code, why: `Slack answered "${code}"`, passing };
  }
  if (error instanceof api.WebAPIHTTPError)
    return { ok: false, code: '', why: `Slack answered HTTP ${error.statusCode}`, passing: error.statusCode >= 500 };
  const why = error instanceof Error ? error.message.replaceAll(token, '[secret]') : 'no reason given';
  return { ok: false, code: '', why: `Slack could not be reached: ${oneLine(why, 200)}`, passing: true };
}
