import { z } from 'zod';
import { propose } from '../../healer/fixes/propose.ts';
import { tool } from '../tool.ts';
import { incidentField } from './fields.ts';

export const proposePr = tool({
  name: 'propose_pr',
  title: 'Propose the fix',
  description:
    'Proposes the verified fix: one commit on its own branch with a generated report. Needs a pass of verify_fix for exactly this tree; any change since then means verify again. It publishes, or asks a person; never push yourself.',
  input: z.strictObject({
    incident: incidentField,
    title: z.string().min(1).max(120).describe('What the change does, in one line'),
    summary: z.string().min(1).max(8000).describe('What was changed and why here'),
  }),
  output: z.object({
    status: z.enum(['proposed', 'awaiting_approval', 'requested']),
    branch: z.string().optional(),
    url: z.string().optional(),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  binding: 'changes',
  async run({ incident, title, summary }, { bench, signal }) {
    const { text, ...value } = await propose(bench, { incident, title, summary, signal });
    return { text, value };
  },
});
