/** The normalised event: the one shape that every source of errors is turned into. */
import { z } from 'zod';

export const frameSchema = z.object({
  file: z.string(),
  line: z.number().int().nonnegative().optional(),
  function: z.string().optional(),
  in_app: z.boolean(),
});
export type Frame = z.infer<typeof frameSchema>;

export const SOURCES = [
  'sentry',
  'alertmanager',
  'loki',
  'grafana',
  'slack',
  'github',
  'log',
  'manual',
  'generic',
] as const;
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * One error occurrence (or a group of them, see `count`), redacted. Every text in it is hostile data.
 * Times are ISO 8601 in UTC; `file` is repository-relative where it could be mapped; `line` and `column` are 1-based.
 */
export const eventSchema = z.object({
  id: z.string(),
  source: z.enum(SOURCES),
  actionable: z.boolean(),
  /** Why it is not actionable. */
  reason: z.string().optional(),
  trigger: z.enum(['new_issue', 'regression', 'spike', 'alert', 'manual']).optional(),
  service: z.string().optional(),
  environment: z.string().optional(),
  release: z.string().optional(),
  severity: z.enum(SEVERITIES),
  /** Error type as the runtime names it, such as `TypeError`; empty when unknown. */
  type: z.string(),
  message: z.string(),
  file: z.string().optional(),
  line: z.number().int().nonnegative().optional(),
  column: z.number().int().nonnegative().optional(),
  function: z.string().optional(),
  endpoint: z.string().optional(),
  stackTrace: z.string().optional(),
  /** Innermost frame first. */
  frames: z.array(frameSchema),
  first_seen: z.string(),
  last_seen: z.string(),
  count: z.number().int().positive(),
  affected_users: z.number().int().nonnegative().optional(),
  url: z.string().optional(),
  group: z.string().optional(),
  breadcrumbs: z.array(z.string()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  /** 16 hex digits; see `fingerprint.ts`. */
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  received_at: z.string(),
});
export type ErrorEvent = z.infer<typeof eventSchema>;

/** `INC-<fingerprint>`: the id by which everything outside the store names an incident. */
export function incidentId(fingerprint: string): string {
  return `INC-${fingerprint}`;
}
