import { z } from 'zod';
import { contextOf } from '../../healer/fixes/read-context.ts';
import { tool } from '../tool.ts';
import { entriesField, filesField, incidentField } from './fields.ts';

export const getContextTool = tool({
  name: 'get_context',
  title: 'Get the living context',
  description:
    'What must not break around these files or this incident: scenarios with WHY and CONSTRAINT, invariants, affected files, past incidents with anti-patterns. Call it before editing files.',
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
  }),
  annotations: { readOnlyHint: true },
  binding: 'reads',
  async run(input, { bench }) {
    const context = await contextOf(bench, input);
    return {
      text: context.text,
      value: { ...context, incidents: context.incidents.map((incident) => ({ ...incident })) },
    };
  },
});
