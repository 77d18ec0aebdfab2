import { headerToken } from '../proofs/header-token.ts';
import { sentrySignature } from '../proofs/sentry-signature.ts';
import type { Source } from '../source.ts';
import { joinIssue } from './sentry-issue.ts';
import { ofOtherProject } from './sentry-projects.ts';
import { withTrigger } from './sentry-trigger.ts';

/** Webhooks of an integration in Sentry: docs/sources/sentry.md. */
export const sentry: Source = {
  name: 'sentry',
  proofs: [sentrySignature('SENTRY_CLIENT_SECRET'), headerToken('SENTRY_INTERNAL_TOKEN', 'X-Sentry-Token')],
  leftOut: ofOtherProject,
  complete(event, db) {
    const joined = joinIssue(event, db);
    return joined.trigger === undefined ? withTrigger(joined, db) : joined;
  },
  deliveryId: (headers) => headers['request-id'],
};
