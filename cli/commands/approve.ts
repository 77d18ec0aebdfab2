import { z } from 'zod';
import { explain } from '../../gate/explain.ts';
import { approveStart, requireIncident } from '../../healer/incidents/decisions.ts';
import { refuseUnderClaude } from '../../healer/incidents/refuse-under-claude.ts';
import { type ApproveResult, approvePublish } from '../../healer/publishing/approve-publish.ts';
import { withIncidents } from '../bench.ts';
import { type Answer, type Call, command, JSON_OPTION } from '../command.ts';
import { decided } from '../decided.ts';
import { EXIT } from '../exit-codes.ts';
import { incidentArgument } from '../incident-argument.ts';
import { person } from '../person.ts';

export const approveCommand = command({
  name: 'approve',
  arguments: ['<incident>'],
  summary: 'let a waiting incident start, or publish its verified fix (a person at a terminal only)',
  options: [JSON_OPTION],
  input: z.object({ incident: incidentArgument }),
  run({ incident }, call) {
    refuseUnderClaude('approve');
    return withIncidents(call, async (bench) => {
      const { status } = await requireIncident(bench.incidents, incident);
      const who = person();
      if (status !== 'awaiting_publish' && status !== 'verified')
        return decided(
          await approveStart(bench.incidents, { incident, who }),
          'may start',
          `self-healing heal ${incident}`,
        );
      call.say('The kept tree is verified again before it is published.');
      const onProgress = (line: string) => call.pass(call.paint('dim', `  ${line}`));
      return tell(
        incident,
        await approvePublish(bench, incident, { who, verifyAgain: true, signal: call.signal, onProgress }),
        call,
      );
    });
  },
});

function tell(incident: string, result: ApproveResult, { paint }: Call): Answer {
  const value = { incident, ...result };
  switch (result.status) {
    case 'proposed': {
      const look = result.compare_url
        ? `Open the pull request: ${result.compare_url}`
        : `Look at it: git show ${result.branch}`;
      return {
        value,
        text: [
          paint('green', `Published on ${result.branch}${result.pushed ? ', pushed' : ''}.`),
          `Report: ${result.report}`,
          look,
        ].join('\n'),
      };
    }
    case 'no_longer_passes':
      return {
        value,
        text: `${paint('red', 'Not published: verified again, it is no pass any more.')}\n\n${explain(result.verification)}\n\nThe incident is queued again. Next: self-healing heal ${incident}`,
        exit: result.verification.verdict === 'refuse' ? EXIT.refused : EXIT.findings,
      };
    case 'unreachable':
    case 'taken':
      return {
        value,
        text: `The fix stands on ${result.branch} here, but is not published: ${result.why}\nNext: self-healing approve ${incident}`,
        exit: EXIT.findings,
      };
    default:
      return result satisfies never;
  }
}
