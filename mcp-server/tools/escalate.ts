import { z } from 'zod';
import { escalate } from '../../healer/fixes/escalate.ts';
import { tellFromSession } from '../../healer/notify/tell-from-session.ts';
import { tool } from '../tool.ts';
import { incidentField } from './fields.ts';

export const escalateTool = tool({
  name: 'escalate',
  title: 'Hand over to a person',
  description:
    'Ends the fix and hands the incident to a person with a report. Use it when a fix cannot be proven, is refused, or a person must decide. Describe the change you would make if the path is forbidden to you.',
  input: z.strictObject({
    incident: incidentField,
    reason: z.string().min(1).describe('What stands in the way'),
    needs: z.string().min(1).describe('What the person must decide or do'),
  }),
  output: z.object({ status: z.literal('escalated'), report: z.string(), told: z.string().optional() }),
  annotations: { readOnlyHint: false },
  binding: 'changes',
  async run({ incident, reason, needs }, { bench, signal }) {
    const { report } = await escalate(bench, { incident, reason, needs });
    const told = await tellFromSession(bench, incident, { env: process.env, signal });
    return {
      text: [`Handed over. Report: ${report}`, ...(told === undefined ? [] : [told])].join('\n'),
      value: { status: 'escalated' as const, report, ...(told !== undefined && { told }) },
    };
  },
});
