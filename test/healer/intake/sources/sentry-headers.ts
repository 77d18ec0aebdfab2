/** What Sentry adds to a webhook, and what its SDKs add to an envelope. */
import { createHmac } from 'node:crypto';

export function signedBySentry(
  body: string | Uint8Array,
  secret: string,
  resource = 'event_alert',
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'sentry-hook-resource': resource,
    'sentry-hook-timestamp': '1790000000',
    'sentry-hook-signature': createHmac('sha256', secret).update(body).digest('hex'),
  };
}

export function withKey(_body: string | Uint8Array, key: string): Record<string, string> {
  return {
    'content-type': 'application/x-sentry-envelope',
    'x-sentry-auth': `Sentry sentry_version=7, sentry_client=sentry.javascript.node/11.12.0, sentry_key=${key}`,
  };
}
