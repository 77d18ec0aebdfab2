import { z } from 'zod';
import { pausedBy } from '../../healer/heal/pause.ts';
import { type Standing, standingOf } from '../../healer/incidents/standing.ts';
import { hasState } from '../../healer/workbench.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { INCIDENT_STATUSES } from '../../store/states.ts';
import { tool } from '../tool.ts';
import { dataBlock } from './fields.ts';

const incidentSchema = z.object({
  incident: z.string(),
  status: z.string(),
  severity: z.string(),
  count: z.number(),
  error: z.string(),
  files: z.array(z.string()),
  round: z.number(),
  verdict: z.string().optional(),
  worktree: z.string().optional(),
  branch: z.string().optional(),
  url: z.string().optional(),
  report: z.string().optional(),
  held_by: z.string().optional(),
  needs_person: z.boolean(),
  next: z.string(),
});
type Listed = z.infer<typeof incidentSchema>;

export const listIncidents = tool({
  name: 'list_incidents',
  title: 'List incidents',
  description:
    'Lists incidents, newest first: status, severity, count, files, verdict, worktree, branch, who works on it, and in next what the person can type. Use it to see what is open or needs a person.',
  input: z.strictObject({
    status: z.enum(INCIDENT_STATUSES).optional().describe('Only incidents in this state'),
    limit: z.number().int().min(1).max(100).default(20),
  }),
  output: z.object({
    incidents: z.array(incidentSchema),
    /** Why nothing is healed at the moment. */
    paused: z.string().optional(),
  }),
  annotations: { readOnlyHint: true },
  binding: 'reads',
  async run({ status, limit }, { bench }) {
    const { root } = bench.repository;
    const records = hasState(bench) ? await bench.incidents.list({ limit, ...(status && { status: [status] }) }) : [];
    const incidents: Listed[] = [];
    for (const record of records) {
      const fix = bench.fixes.get(record.incident);
      const here = fix !== undefined && fix.round === record.round && !fix.lease?.lost();
      incidents.push(listed(record, await standingOf(bench, record, here)));
    }
    const paused = pausedBy(root, process.env);
    const lines = incidents.map(
      (i) =>
        `${i.incident} ${i.status} ${i.severity} ×${i.count} round ${i.round} [${i.files.join(', ')}] ${i.error.slice(0, 200)}${i.next && ` | next: ${i.next}`}`,
    );
    return {
      text: lines.length > 0 ? dataBlock(lines.join('\n'), 20_000) : 'There are no such incidents.',
      value: { incidents, ...(paused !== undefined && { paused }) },
    };
  },
});

function listed(
  { incident, status, severity, count, error, files, round }: IncidentRecord,
  standing: Standing,
): Listed {
  const { diagnosed: _, ...rest } = standing;
  return { incident, status, severity, count, error, files, round, ...rest };
}
