import { z } from 'zod';
import { dismiss } from '../../healer/fixes/dismiss.ts';
import { tool } from '../tool.ts';
import { incidentField } from './fields.ts';

export const dismissIncident = tool({
  name: 'dismiss_incident',
  title: 'Dismiss the incident',
  description:
    'Ends an incident that needs no fix here. Provisional until a person confirms; the next occurrence re-opens it. already_fixed and flaky need runs that show it.',
  input: z.strictObject({
    incident: incidentField,
    verdict: z.enum(['not_a_bug', 'already_fixed', 'third_party', 'flaky', 'duplicate']),
    reason: z.string().min(1),
    suggestion: z.string().describe('What would keep this from being reported again'),
  }),
  output: z.object({ status: z.literal('dismissed') }),
  annotations: { readOnlyHint: false },
  binding: 'changes',
  async run(input, { bench }) {
    await dismiss(bench, input);
    return {
      text: `${input.incident} is dismissed as ${input.verdict} until a person confirms it.`,
      value: { status: 'dismissed' as const },
    };
  },
});
