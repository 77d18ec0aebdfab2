import { z } from 'zod';
import { eventSchema, SOURCES } from '../../events/event.ts';
import { reportError } from '../../healer/incidents/report-error.ts';
import { tool } from '../tool.ts';
import { dataBlock, incidentField } from './fields.ts';

export const reportErrorTool = tool({
  name: 'report_error',
  title: 'Report an error',
  description:
    'Records an error (log text, stack trace, or a normalised event) as an incident. Same error, same incident. Call it before healing; pass the text unchanged.',
  input: z
    .strictObject({
      text: z.string().min(1).optional().describe('Log text or stack trace as it stands'),
      event: z.record(z.string(), z.unknown()).optional().describe('A normalised event, instead of text'),
      source: z.enum(SOURCES).optional(),
      service: z.string().optional(),
      environment: z.string().optional(),
    })
    .refine((input) => (input.text === undefined) !== (input.event === undefined), 'give text or event, one of them'),
  output: z.object({
    incident: incidentField,
    fingerprint: z.string(),
    status: z.string(),
    event: eventSchema,
    others: z.array(z.object({ incident: z.string(), status: z.string() })),
  }),
  annotations: { readOnlyHint: false, idempotentHint: true },
  binding: 'records',
  async run({ text, event, ...about }, { bench }) {
    const given = text === undefined ? { event } : { text };
    const { others, ...reported } = await reportError(bench, { ...about, ...given });
    const rest = others.map(({ incident, status }) => ({ incident, status }));
    const also =
      rest.length > 0 ? `\nAlso recorded from the same text: ${rest.map((other) => other.incident).join(', ')}.` : '';
    const { type, message, file, line } = reported.event;
    const what = dataBlock(`${type ? `${type}: ` : ''}${message}${file ? `\nat ${file}:${line ?? '?'}` : ''}`);
    return {
      text: `${reported.incident} is ${reported.status}.\n${what}${also}`,
      value: { ...reported, others: rest },
    };
  },
});
