/**
 * Webhooks of Sentry: of alert rules, errors, issues and metric alerts, by the header `sentry-hook-resource`, and where that
 * is missing by what the body holds. The older webhooks plugin, a single event and an envelope of an SDK are read too.
 */
import { z } from 'zod';
import { parseJson } from '../json-body.ts';
import type { Occurrence } from '../occurrence.ts';
import type { Headers } from './reader.ts';
import { eventOccurrence } from './sentry/event.ts';
import { type SentryEvent, sentryEventSchema, word } from './sentry/event-schema.ts';
import { issueOccurrence, issueSchema } from './sentry/issue.ts';
import { levelSeverity } from './sentry/level.ts';
import { metricAlertOccurrence, metricAlertSchema } from './sentry/metric-alert.ts';
import { ruleTrigger } from './sentry/trigger.ts';
import { readSentryDsn } from './sentry-dsn.ts';

const RESOURCES = ['event_alert', 'error', 'issue', 'metric_alert'] as const;
type Resource = (typeof RESOURCES)[number];

const WHAT = 'a webhook of Sentry';
const action = z.string().max(100);
const alertSchema = z.object({
  data: z.object({ event: sentryEventSchema, triggered_rule: word, issue_alert: z.object({ title: word }).nullish() }),
});
const errorSchema = z.object({ data: z.object({ error: sentryEventSchema }) });
const issueHookSchema = z.object({ action, data: z.object({ issue: issueSchema }) });
const metricHookSchema = z.object({ action, data: metricAlertSchema });
/** The webhooks plugin, which has no header and names no action. */
const pluginSchema = z.object({
  event: sentryEventSchema,
  id: word,
  project_slug: word,
  url: word,
  message: word,
  culprit: word,
  level: word,
  triggering_rules: z.array(z.string()).nullish(),
});
/** What every webhook is. */
const hookSchema = z.object({ action, data: z.looseObject({}) });
const anySchema = z.looseObject({ data: z.looseObject({}).optional() });

export function readSentry(body: string, headers: Headers): Occurrence[] {
  const said = headers['sentry-hook-resource'];
  if (said === undefined && isEnvelope(body)) return readSentryDsn(body);
  const resource = said ?? resourceOf(body);
  switch (resource) {
    case 'event_alert': {
      const { event, triggered_rule, issue_alert } = parseJson(body, alertSchema, `${WHAT} (event_alert)`).data;
      return [told(event, triggered_rule ?? issue_alert?.title ?? '')];
    }
    case 'error':
      return [told(parseJson(body, errorSchema, `${WHAT} (error)`).data.error, undefined)];
    case 'issue': {
      const hook = parseJson(body, issueHookSchema, `${WHAT} (issue)`);
      return [issueOccurrence(hook.data.issue, hook.action)];
    }
    case 'metric_alert': {
      const hook = parseJson(body, metricHookSchema, `${WHAT} (metric_alert)`);
      return [metricAlertOccurrence(hook.data, hook.action)];
    }
    case 'plugin': {
      const hook = parseJson(body, pluginSchema, `${WHAT} (webhooks plugin)`);
      const { event, id, url } = hook;
      const merged = { ...event, issue_id: event.issue_id ?? id, level: event.level ?? hook.level };
      const occurrence = told(
        { ...merged, title: event.title ?? hook.message },
        hook.triggering_rules?.join(', ') ?? '',
      );
      return [{ ...occurrence, service: occurrence.service ?? hook.project_slug, url: url ?? occurrence.url }];
    }
    case 'sdk_event':
      return [eventOccurrence(parseJson(body, sentryEventSchema, 'an event of a Sentry SDK'))];
    default:
      // Installations, comments and whatever Sentry may add: answered, and left alone.
      parseJson(body, hookSchema, WHAT);
      return [
        { type: '', message: `A webhook of ${resource}`, notActionable: `a webhook of ${resource} tells of no error` },
      ];
  }
}

/** `rule`: undefined where no rule tells of it, as every single error may be told. */
function told(event: SentryEvent, rule: string | undefined): Occurrence {
  const occurrence = eventOccurrence(event);
  const project = /\/projects\/[^/]+\/([^/]+)\/events\//.exec(event.url ?? '')?.[1];
  return {
    ...occurrence,
    ...levelSeverity(event.level),
    notActionable: event.type === 'transaction' ? 'it tells how long something took, and of no error' : undefined,
    trigger: rule === undefined ? undefined : ruleTrigger(rule),
    service: occurrence.service ?? project,
    labels: { project, rule, ...occurrence.labels },
  };
}

/** What a body is that came without the header. */
function resourceOf(body: string): Resource | 'plugin' | 'sdk_event' | 'unknown kind' {
  const { data, ...rest } = parseJson(body, anySchema, WHAT);
  const named = RESOURCES.find((name) => (name === 'event_alert' ? 'event' : name) in (data ?? {}));
  if (named) return named;
  if ('event' in rest) return 'plugin';
  return 'exception' in rest || 'event_id' in rest ? 'sdk_event' : 'unknown kind';
}

/** Several lines, each of which is JSON by itself. */
function isEnvelope(body: string): boolean {
  const [header = '', item] = body.split('\n', 2);
  if (item === undefined || !item.startsWith('{') || header.length > 10_000) return false;
  try {
    return [header, item].every((line) => typeof JSON.parse(line) === 'object');
  } catch {
    return false;
  }
}
