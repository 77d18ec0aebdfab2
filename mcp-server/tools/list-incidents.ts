import { z } from 'zod';
import { INCIDENT_STATUSES } from '../../store/states.ts';
import { tool } from '../tool.ts';
import { dataBlock } from './fields.ts';

export const listIncidents = tool({
  name: 'list_incidents',
  title: 'List incidents',
  description:
    'Lists incidents, newest first, with status, severity, count and files. Use it to see what is open or needs a person.',
  input: z.strictObject({
    status: z.enum(INCIDENT_STATUSES).optional().describe('Only incidents in this state'),
    limit: z.number().int().min(1).max(100).default(20),
  }),
  output: z.object({
    incidents: z.array(
      z.object({
        incident: z.string(),
        status: z.string(),
        severity: z.string(),
        count: z.number(),
        error: z.string(),
        files: z.array(z.string()),
        round: z.number(),
      }),
    ),
  }),
  annotations: { readOnlyHint: true },
  binding: 'reads',
  async run({ status, limit }, { bench }) {
    const records = await bench.incidents.list({ limit, ...(status && { status: [status] }) });
    const incidents = records.map(({ incident, status, severity, count, error, files, round }) => ({
      incident,
      status,
      severity,
      count,
      error,
      files,
      round,
    }));
    const lines = incidents.map(
      (i) =>
        `${i.incident} ${i.status} ${i.severity} ×${i.count} round ${i.round} [${i.files.join(', ')}] ${i.error.slice(0, 200)}`,
    );
    return {
      text: lines.length > 0 ? dataBlock(lines.join('\n'), 20_000) : 'There are no such incidents.',
      value: { incidents },
    };
  },
});
