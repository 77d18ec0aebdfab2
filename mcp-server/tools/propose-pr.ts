import { z } from 'zod';
import { RemoteError } from '../../events/errors.ts';
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
    const result = await propose(bench, { incident, title, summary, signal });
    switch (result.status) {
      case 'requested':
        return { text: 'Requested. The run’s owner verifies once more and publishes. You are done.', value: result };
      case 'awaiting_approval':
        return {
          text: `Verified and kept. A person is asked first: ${result.why} /self-healing:approve ${incident} publishes it. You are done.`,
          value: { status: result.status },
        };
      case 'proposed':
        return {
          text: `Proposed on branch ${result.branch}${result.pushed ? ', pushed' : ''}. Report: ${result.report}`,
          value: {
            status: result.status,
            branch: result.branch,
            ...(result.compare_url && { url: result.compare_url }),
          },
        };
      case 'unreachable':
      case 'taken':
        throw new RemoteError(
          `The fix is committed on ${result.branch} here, but not published: ${result.why}`,
          'Tell the person; publishing can be tried again.',
        );
      default:
        return result satisfies never;
    }
  },
});
