/** From an error of a Sentry SDK to an occurrence. The webhooks and the DSN add what only they know. */
import { eventId } from '../../event-id.ts';
import { parseTime } from '../../log-line/time.ts';
import type { Occurrence } from '../../occurrence.ts';
import { readBreadcrumbs } from './breadcrumbs.ts';
import type { SentryEvent } from './event-schema.ts';
import { messageFrames, readExceptions, renderFrames } from './exceptions.ts';

const NO_MESSAGE = 'Error without a message';

export function eventOccurrence(event: SentryEvent): Occurrence {
  const { tags, level, release, environment } = event;
  const chain = readExceptions(event);
  const frames = chain?.primary.frames ?? messageFrames(event);
  const message = chain ? chain.primary.message : (messageOf(event) ?? event.title ?? NO_MESSAGE);
  return {
    id: event.event_id && eventId('sentry', event.event_id.replaceAll('-', '').toLowerCase()),
    type: chain?.primary.type ?? '',
    message: message || (chain?.primary.type ? '' : NO_MESSAGE),
    stack: frames.length > 0 ? { frames: frames.map(({ code: _, ...frame }) => frame) } : undefined,
    text: chain?.text ?? (frames.length > 0 ? [message, ...renderFrames(frames)].join('\n') : undefined),
    time: parseTime(event.timestamp) ?? parseTime(event.datetime),
    service: tags.service,
    environment: environment ?? tags.environment,
    release: release ?? tags.release ?? tags['sentry:release'],
    endpoint: endpointOf(event),
    affectedUsers: event.user && Object.values(event.user).some((part) => part !== undefined) ? 1 : undefined,
    url: issuePage(event),
    group: event.issue_id ?? ownGroup(event),
    breadcrumbs: readBreadcrumbs(event.breadcrumbs),
    labels: {
      level,
      platform: event.platform,
      logger: event.logger || undefined,
      transaction: event.transaction,
      server_name: event.server_name,
      dist: event.dist,
      ...tags,
    },
    annotations: { culprit: event.culprit },
  };
}

function messageOf({ message, logentry }: SentryEvent): string | undefined {
  const said = typeof message === 'object' ? (message.formatted ?? message.message) : message;
  return said || logentry?.formatted || logentry?.message;
}

/** The route as the framework names it, since that groups requests; else the path that was asked for. */
function endpointOf({ transaction, request }: SentryEvent): string | undefined {
  if (transaction && /^[A-Z]{3,7} \//.test(transaction)) return transaction;
  const path = transaction?.startsWith('/') ? transaction : pathOf(request?.url);
  return path && [request?.method?.toUpperCase(), path].filter(Boolean).join(' ');
}

function pathOf(url: string | undefined): string | undefined {
  if (!url) return undefined;
  const path = url.replace(/^[a-z][a-z+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0];
  return path || '/';
}

/** The page of the issue, not that of this one event. */
function issuePage({ web_url, issue_url }: SentryEvent): string | undefined {
  return web_url?.replace(/(\/issues\/\d+\/)events\/.*$/, '$1') || issue_url;
}

/** What the application groups by, where it does not leave that to Sentry. */
function ownGroup({ fingerprint }: SentryEvent): string | undefined {
  return fingerprint.some((part) => !/^\{\{\s*default\s*\}\}$/.test(part)) ? fingerprint.join(' ') : undefined;
}
