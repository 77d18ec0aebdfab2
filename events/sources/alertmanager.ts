/**
 * Alertmanager's webhook, version 4: a group of alerts, each firing or resolved. Loki's ruler and Grafana's own alerting
 * send the same shape. An alert that fires on is told again and again: it is one occurrence from the moment it began.
 */
import { z } from 'zod';
import type { ErrorEvent, Severity } from '../event.ts';
import { eventId } from '../event-id.ts';
import { parseJson } from '../json-body.ts';
import { parseTime } from '../log-line/time.ts';
import type { Occurrence } from '../occurrence.ts';

const words = z.record(z.string(), z.string()).prefault({});
export const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: words,
  annotations: words,
  startsAt: z.string().optional(),
  generatorURL: z.string().optional(),
  fingerprint: z.string().optional(),
});
type Alert = z.output<typeof alertSchema>;

const webhookSchema = z.object({
  version: z.literal('4', 'must be "4", the version that Alertmanager has sent since 0.5'),
  groupKey: z.string().optional(),
  truncatedAlerts: z.int().nonnegative().optional(),
  commonLabels: words,
  commonAnnotations: words,
  externalURL: z.string().optional(),
  alerts: z.array(alertSchema),
});

/** Alerts that always fire: that they do says that alerting works. */
const HEARTBEATS = new Set(['watchdog', 'deadmansswitch', 'infoinhibitor']);
/** What people write into the label `severity`. */
const SEVERITY: Record<string, Severity> = {
  critical: 'critical',
  page: 'critical',
  emergency: 'critical',
  fatal: 'critical',
  p1: 'critical',
  error: 'high',
  high: 'high',
  major: 'high',
  p2: 'high',
  warning: 'medium',
  warn: 'medium',
  medium: 'medium',
  minor: 'medium',
  p3: 'medium',
  info: 'low',
  low: 'low',
  notice: 'low',
  none: 'low',
  p4: 'low',
  p5: 'low',
};
/** Somebody wrote a rule for it: it matters, but nobody said how much. */
const UNSAID: Severity = 'medium';

export function readAlertmanager(source: ErrorEvent['source']): (body: string) => Occurrence[] {
  return (body) => {
    const group = parseJson(body, webhookSchema, 'a webhook of Alertmanager (version 4)');
    return group.alerts.map((alert) => alertOccurrence(source, alert, group.groupKey, group.truncatedAlerts));
  };
}

/** `cut`: how many alerts of the group the sender left out. */
export function alertOccurrence(
  source: ErrorEvent['source'],
  alert: Alert,
  group: string | undefined,
  cut = 0,
): Occurrence {
  const { labels, annotations, status } = alert;
  const name = labels.alertname ?? 'alert';
  const began = parseTime(alert.startsAt);
  const identity = alert.fingerprint ?? JSON.stringify(Object.entries(labels).sort());
  const route = labels.route ?? labels.path ?? labels.endpoint ?? labels.handler;
  return {
    // Without a beginning there is nothing that tells the second time it fires from the first.
    id: began && eventId(source, identity, began, status),
    type: name,
    message: annotations.summary || annotations.description || annotations.message || name,
    text: annotations.summary ? annotations.description : undefined,
    notActionable: whyNot(alert, name),
    trigger: 'alert',
    severity: SEVERITY[labels.severity?.toLowerCase() ?? ''] ?? UNSAID,
    count: countOf(annotations.count),
    time: began,
    service: labels.service ?? labels.app ?? labels.service_name ?? labels.job,
    environment: labels.environment ?? labels.env ?? labels.deployment_environment,
    release: labels.release ?? labels.version,
    endpoint: route && [labels.method, route].filter(Boolean).join(' '),
    url: alert.generatorURL || undefined,
    group,
    labels,
    annotations: cut > 0 ? { ...annotations, truncated_alerts: String(cut) } : annotations,
  };
}

function whyNot({ status, labels }: Alert, name: string): string | undefined {
  if (status === 'resolved') return 'the alert is resolved';
  if (HEARTBEATS.has(name.toLowerCase())) return `${name} always fires: it says that alerting works`;
  if (/^(?:DatasourceNoData|DatasourceError)$/.test(name))
    return `${name} says that ${labels.rulename ?? 'a rule'} could not be evaluated, not that it fired`;
  return undefined;
}

function countOf(text: string | undefined): number | undefined {
  const count = Math.round(Number(text));
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}
