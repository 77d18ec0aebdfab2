/** A webhook of a metric alert: a number went over a threshold. Nothing in it says where; that is the locating step's work. */
import { z } from 'zod';
import type { Severity } from '../../event.ts';
import { eventId } from '../../event-id.ts';
import { parseTime } from '../../log-line/time.ts';
import type { Occurrence } from '../../occurrence.ts';
import { maybe, time, word } from './event-schema.ts';

const named = maybe(z.array(z.string()));

export const metricAlertSchema = z.object({
  description_title: word,
  description_text: word,
  web_url: word,
  metric_alert: z.object({
    id: z.union([z.string(), z.number()]).transform(String),
    identifier: word,
    title: word,
    organization_id: word,
    date_started: time,
    date_detected: time,
    projects: named,
    alert_rule: maybe(
      z.object({ id: word, name: word, aggregate: word, query: word, environment: word, projects: named }),
    ),
  }),
});
type MetricAlert = z.output<typeof metricAlertSchema>;

const SEVERITY: Record<string, Severity> = { critical: 'critical', warning: 'medium', resolved: 'low' };

export function metricAlertOccurrence(alert: MetricAlert, action: string): Occurrence {
  const { metric_alert: incident, description_title, description_text } = alert;
  const rule = incident.alert_rule;
  const [project] = incident.projects ?? rule?.projects ?? [];
  const name = rule?.name ?? incident.title ?? 'metric alert';
  return {
    id: eventId('sentry', 'metric', incident.organization_id, incident.id, action),
    type: name,
    message: description_text?.replaceAll('\\n', '\n') || description_title || name,
    notActionable: action === 'resolved' ? 'the alert is resolved' : undefined,
    // A share that grew (`failure_rate()`, `percentage(…)`) is a spike; a count is what somebody set as too many.
    trigger: /rate\(|percent/i.test(rule?.aggregate ?? '') ? 'spike' : 'alert',
    severity: SEVERITY[action] ?? 'medium',
    time: parseTime(incident.date_started) ?? parseTime(incident.date_detected),
    service: project,
    environment: rule?.environment,
    url: alert.web_url,
    group: rule?.id,
    labels: { project, aggregate: rule?.aggregate, query: rule?.query, status: action },
    annotations: { title: description_title },
  };
}
