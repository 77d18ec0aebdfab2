/** `v0=<hex hmac-sha256 of "v0:time:body">`, with the time in a header of its own: Slack's way, for five minutes. */
import type { Proof } from '../source.ts';
import { isSignature } from './constant-time.ts';

const WINDOW_S = 300;

export function slackSignature(variable: string): Proof {
  return {
    variable,
    fault({ headers, body }, secret, now) {
      const time = headers['x-slack-request-timestamp'];
      const hex = /^v0=([0-9a-fA-F]{64})$/.exec(headers['x-slack-signature'] ?? '')?.[1];
      if (time === undefined || hex === undefined)
        return 'the headers X-Slack-Request-Timestamp and X-Slack-Signature (v0=<64 hex digits>) are missing';
      if (!/^\d{1,12}$/.test(time) || !isSignature(hex, secret, `v0:${time}:`, body))
        return 'the signature is not the right one';
      // Told only to who knows the secret.
      if (Math.abs(now.getTime() / 1000 - Number(time)) > WINDOW_S)
        return `the signature is from another time than now (more than ${WINDOW_S / 60} minutes): set the clock right`;
      return undefined;
    },
  };
}
