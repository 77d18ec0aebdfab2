import { parseEnvelope } from '../../../events/sources/sentry/envelope.ts';
import { sentryDsnText } from '../../../events/sources/sentry-dsn.ts';
import { sentryKey } from '../proofs/sentry-key.ts';
import type { Source } from '../source.ts';
import { ofOtherProject } from './sentry-projects.ts';
import { withTrigger } from './sentry-trigger.ts';

/** Sentry's SDKs, whose DSN names this machine: docs/sources/sentry.md. Every event names itself. */
export const sentryDsn: Source = {
  name: 'sentry_dsn',
  path: '/api/:project/envelope/',
  proofs: [sentryKey('SENTRY_DSN_KEY')],
  fromBrowsers: true,
  compressed: true,
  text: ({ body, params }) => sentryDsnText(parseEnvelope(body), params.project ?? ''),
  // SDKs expect what Sentry answers.
  accepted({ body }) {
    const { event_id } = parseEnvelope(body).header;
    return { status: 200, body: event_id === undefined ? {} : { id: event_id } };
  },
  leftOut: ofOtherProject,
  complete: withTrigger,
  deliveryId: () => undefined,
};
