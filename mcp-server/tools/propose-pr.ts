import { z } from 'zod';
import { UserError } from '../../events/errors.ts';
import { type ProposeResult, propose } from '../../healer/fixes/propose.ts';
import { notPublishedError } from '../../healer/publishing/publish-states.ts';
import { publishedLines } from '../../healer/publishing/published.ts';
import { askToPublish } from '../ask-publish.ts';
import { type Answer, tool } from '../tool.ts';
import { incidentField } from './fields.ts';

const output = z.object({
  status: z.enum(['proposed', 'awaiting_approval', 'requested', 'rejected']),
  branch: z.string().optional(),
  url: z.string().optional(),
  /** For the person: what happened, and what they can do. */
  next: z.string(),
});
type Output = z.infer<typeof output>;

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
  output,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  binding: 'changes',
  async run({ incident, title, summary }, call) {
    const refused = (await call.judgeUnseen(incident)).find(({ severity }) => severity === 'refuse');
    if (refused) throw new UserError(refused.message, refused.next, 'not_allowed');
    const result = await propose(call.bench, { incident, title, summary, signal: call.signal });
    if (result.status === 'requested')
      return answer({ status: 'requested', next: 'The run’s owner verifies once more and publishes. You are done.' });
    if (result.status !== 'awaiting_approval') return published(result);
    const asked = await askToPublish(incident, call);
    switch (asked.decision) {
      case 'publish':
        return published(asked.result);
      case 'reject':
        return answer({
          status: 'rejected',
          next: 'The person rejected the fix; the reason is kept with it. You are done: do not try again.',
        });
      case 'none':
        return answer({
          status: 'awaiting_approval',
          next: `Verified and kept. A person decides, because ${result.why}; nobody did now: ${asked.why}. ${asked.doubted ? '' : `/self-healing:approve ${incident} publishes it while this session runs, `}\`self-healing approve ${incident}\` in a terminal ${asked.doubted ? 'publishes it' : 'at any time'}. You are done.`,
        });
      default:
        return asked satisfies never;
    }
  },
});

function answer(value: Output): Answer<Output> {
  return { text: value.next, value };
}

type Published = Exclude<ProposeResult, { status: 'requested' | 'awaiting_approval' }>;

function published(result: Published): Answer<Output> {
  if (result.status !== 'proposed') throw notPublishedError(result);
  const { branch, url, report } = result;
  return answer({
    status: 'proposed',
    branch,
    ...(url && { url }),
    next: `Published ${publishedLines(result).join(' ')} Report: ${report} You are done.`,
  });
}
