/** The public key of a DSN, in any of the places where SDKs put it: a header, the query, or the envelope itself. */
import { envelopeDsn } from '../../../events/sources/sentry/envelope.ts';
import type { IntakeRequest, Proof } from '../source.ts';
import { isSameSecret } from './constant-time.ts';

export function sentryKey(variable: string): Proof {
  return {
    variable,
    fault(request, secret) {
      const given = keyOf(request);
      if (!given) return 'no key was sent: X-Sentry-Auth, the query sentry_key and the dsn of the envelope have none';
      return isSameSecret(given, secret) ? undefined : 'the key of the DSN is not the right one';
    },
  };
}

/** The first place that names one decides, so that no second place can outvote it. */
function keyOf({ headers, url, body }: IntakeRequest): string | undefined {
  const auth = headers['x-sentry-auth'] ?? headers.authorization;
  const [, named] = /^Sentry\s(?:.*[\s,])?sentry_key=([\w-]+)/i.exec(auth?.slice(0, 2000) ?? '') ?? [];
  return named ?? url.searchParams.get('sentry_key') ?? userOf(envelopeDsn(body));
}

/** `https://<key>@host/<project>` */
function userOf(dsn: string | undefined): string | undefined {
  return /^https?:\/\/([\w-]+)(?::[\w-]*)?@/.exec(dsn ?? '')?.[1];
}
