import { z } from 'zod';
import { bounded } from '../../context/bounded-context.ts';
import { contextOf } from '../../healer/fixes/read-context.ts';
import { tool } from '../tool.ts';
import { entriesField, filesField, incidentField } from './fields.ts';

export const getContextTool = tool({
  name: 'get_context',
  title: 'Get the living context',
  description:
    'What must not break around these files or this incident: scenarios with WHY and CONSTRAINT, invariants, affected files, past incidents with anti-patterns. Call it before the first edit of a file, with all files you mean to edit at once; not again for the same files. Short: most relevant first, and left_out counts the rest.',
  input: z
    .strictObject({ files: filesField.optional(), incident: incidentField.optional() })
    .refine(
      (input) => (input.files === undefined) !== (input.incident === undefined),
      'give files or incident, one of them',
    ),
  output: z.object({
    text: z.string(),
    scenarios: entriesField,
    invariants: entriesField,
    impact: z.object({ files: z.record(z.string(), z.unknown()) }),
    incidents: entriesField,
    left_out: z.record(z.string(), z.number()),
  }),
  annotations: { readOnlyHint: true },
  binding: 'reads',
  async run(input, { bench }) {
    const { text, ...value } = bounded(await contextOf(bench, input));
    return { text, value: { text, ...value, incidents: value.incidents.map((incident) => ({ ...incident })) } };
  },
});
