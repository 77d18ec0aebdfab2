import { z } from 'zod';
import { editContext } from '../../healer/fixes/edit-context.ts';
import { tool } from '../tool.ts';
import { incidentField } from './fields.ts';

export const editContextTool = tool({
  name: 'edit_context',
  title: 'Add to the living context',
  description:
    'Adds one entry (shapes of the YAML files; a scenario also carries module, which names its file, and optional files). During a fix, with incident: it is written into the worktree and travels in the proposal; entries are only added. Without a fix: a draft with proposed: true, without force until a person accepts it. A reproduction is a scenario with incident and a test_command, or a call with input and expected.',
  input: z.strictObject({
    layer: z.enum(['scenarios', 'invariants', 'impact', 'incidents']),
    entry: z.record(z.string(), z.unknown()),
    incident: incidentField.optional(),
  }),
  output: z.object({ path: z.string(), line: z.number(), created: z.boolean() }),
  annotations: { readOnlyHint: false },
  binding: 'drafts',
  async run(input, { bench }) {
    const result = await editContext(bench, input);
    return { text: `${result.created ? 'Added' : 'Updated'} at ${result.path}:${result.line}.`, value: result };
  },
});
