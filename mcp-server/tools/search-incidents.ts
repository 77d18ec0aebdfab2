import { z } from 'zod';
import { searchPast } from '../../healer/fixes/read-context.ts';
import { tool } from '../tool.ts';
import { dataBlock } from './fields.ts';

export const searchIncidentsTool = tool({
  name: 'search_incidents',
  title: 'Search past incidents',
  description:
    'Searches the incident memory: what broke before, its root cause, the lesson, the anti-pattern not to repeat. Use words of the error or the symptom.',
  input: z.strictObject({ query: z.string().min(1).max(500), limit: z.number().int().min(1).max(50).default(10) }),
  output: z.object({
    incidents: z.array(
      z.object({
        incident: z.string(),
        error: z.string(),
        files: z.array(z.string()),
        root_cause: z.string(),
        lesson: z.string(),
        anti_pattern: z.string(),
        score: z.number(),
      }),
    ),
  }),
  annotations: { readOnlyHint: true },
  binding: 'reads',
  async run({ query, limit }, { bench }) {
    const incidents = await searchPast(bench, query, limit);
    const lines = incidents.map(
      (i) =>
        `${i.incident} [${i.files.join(', ')}] ${i.error} | cause: ${i.root_cause} | lesson: ${i.lesson} | anti-pattern: ${i.anti_pattern || 'none'}`,
    );
    return {
      text: lines.length > 0 ? dataBlock(lines.join('\n'), 10_000) : 'No past incident matches.',
      value: { incidents },
    };
  },
});
