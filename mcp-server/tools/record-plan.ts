import { z } from 'zod';
import { recordPlan } from '../../healer/fixes/record-plan.ts';
import { subtaskSchema } from '../../healer/fixes/subtask.ts';
import { tool } from '../tool.ts';
import { incidentField } from './fields.ts';

export const recordPlanTool = tool({
  name: 'record_plan',
  title: 'Record a plan',
  description:
    'Only in a run that asks for a plan: splits a fix that failed as a whole into 3 to 5 subtasks. Each gets a run of its own, in dependency order; the gate judges them together.',
  input: z.strictObject({ incident: incidentField, subtasks: z.array(subtaskSchema).min(3).max(5) }),
  output: z.object({ order: z.array(z.string()), next: z.string() }),
  annotations: { readOnlyHint: false },
  binding: 'changes',
  async run({ incident, subtasks }, { bench }) {
    const plan = await recordPlan(bench, incident, subtasks);
    return { text: `The order is ${plan.order.join(' → ')}. ${plan.next}`, value: plan };
  },
});
