/**
 * The webhook of Grafana's alerting: Alertmanager's shape with a version of its own, and with the values, the dashboard
 * and the panel of each alert.
 */
import { z } from 'zod';
import { parseJson } from '../json-body.ts';
import type { Occurrence } from '../occurrence.ts';
import { alertOccurrence, alertSchema } from './alertmanager.ts';

const webhookSchema = z.object({
  version: z.string(),
  groupKey: z.string().optional(),
  truncatedAlerts: z.int().nonnegative().optional(),
  alerts: z.array(
    alertSchema.extend({
      /** What the rule measured, in words; `values` is the same by name. */
      valueString: z.string().optional(),
      values: z.record(z.string(), z.unknown()).nullish(),
      dashboardURL: z.string().optional(),
      panelURL: z.string().optional(),
    }),
  ),
});

export function readGrafana(body: string): Occurrence[] {
  const group = parseJson(body, webhookSchema, 'a webhook of Grafana alerting');
  return group.alerts.map(({ valueString, values, dashboardURL, panelURL, ...alert }) => {
    const occurrence = alertOccurrence('grafana', alert, group.groupKey, group.truncatedAlerts);
    const measured = values ? JSON.stringify(values) : valueString;
    return {
      ...occurrence,
      url: panelURL || dashboardURL || occurrence.url,
      annotations: { ...occurrence.annotations, ...(measured && { values: measured }) },
    };
  });
}
