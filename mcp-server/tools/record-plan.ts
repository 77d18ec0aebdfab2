import { z } from 'zod';
import { recordPlan } from '../../healer/fixes/record-plan.ts';
import { tool } from '../tool.ts';
import { incidentField } from './fields.ts';

export const recordPlanTool = tool({
  name: 'record_plan',
  title: 'Record a plan',
  description:
    'Splits a fix that failed as a whole into 3 to 5 subtasks in dependency order. Stored; not yet carried out one by one in this version.',
  input: z.strictObject({
    incident: incidentField,
    subtasks: z
      .array(
        z.strictObject({
          title: z.string().min(1),
          goal: z.string().min(1),
          files: z.array(z.string().min(1)),
          depends_on: z.array(z.string()).describe('Titles of subtasks that come before'),
          criteria: z.array(z.string().min(1)),
        }),
      )
      .min(3)
      .max(5),
  }),
  output: z.object({ order: z.array(z.string()) }),
  annotations: { readOnlyHint: false },
  binding: 'changes',
  async run({ incident, subtasks }, { bench }) {
    const plan = await recordPlan(bench, incident, subtasks);
    return { text: `The plan is stored. Order: ${plan.order.join(' → ')}.`, value: plan };
  },
});
