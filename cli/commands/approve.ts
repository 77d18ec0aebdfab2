import { z } from 'zod';
import { explain } from '../../gate/explain.ts';
import { requireIncident } from '../../healer/incidents/decisions.ts';
import { refuseUnderClaude } from '../../healer/incidents/refuse-under-claude.ts';
import { approveWaiting } from '../../healer/incidents/waiting.ts';
import { type ApproveResult, approvePublish } from '../../healer/publishing/approve-publish.ts';
import { lacksPullRequest } from '../../healer/publishing/missing-pull-request.ts';
import type { NotPublished } from '../../healer/publishing/publish-states.ts';
import { type Published, publishedLines } from '../../healer/publishing/published.ts';
import { withIncidents } from '../bench.ts';
import { type Answer, type Call, command, JSON_OPTION } from '../command.ts';
import { decided } from '../decided.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { incidentArgument } from '../incident-argument.ts';
import { person } from '../person.ts';

export const approveCommand = command({
  name: 'approve',
  arguments: ['<incident>'],
  summary:
    'let a waiting incident start, or publish its verified fix, or open the pull request it lacks (a person at a terminal only)',
  options: [JSON_OPTION],
  input: z.object({ incident: incidentArgument }),
  run({ incident }, call) {
    refuseUnderClaude('approve');
    return withIncidents(call, async (bench) => {
      const record = await requireIncident(bench.incidents, incident);
      const { status } = record;
      const lacking = lacksPullRequest(bench, record) !== undefined;
      const who = person();
      if (status !== 'awaiting_publish' && status !== 'verified' && !lacking)
        return decided(await approveWaiting(bench, { incident, who }), 'may start', `self-healing heal ${incident}`);
      call.say(
        lacking
          ? 'It was approved and pushed; now its pull request is opened.'
          : 'The kept tree is verified again before it is published.',
      );
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
  if (result.status === 'proposed') return { value, text: published(result, paint) };
  const { status, why, next, branch, verification } = result;
  const text = [
    paint('red', `Not published (${status}): ${why}.`),
    ...(verification ? ['', explain(verification), ''] : []),
    ...(branch ? [`The fix stands on ${branch} here.`] : []),
    `Next: ${next}`,
  ].join('\n');
  return { value, text, exit: exitOf(result) };
}

function published(result: Published, paint: Call['paint']): string {
  const { branch, url, compare_url: page, report } = result;
  const [where, ...more] = publishedLines(result);
  return [
    paint('green', `Published ${where}`),
    ...more,
    `Report: ${report}`,
    ...(url || page ? [] : [`Look at it: git show ${branch}`]),
  ].join('\n');
}

function exitOf({ status, verification }: NotPublished): ExitCode {
  if (verification?.verdict === 'refuse') return EXIT.refused;
  return status === 'not_configured' ? EXIT.usage : EXIT.findings;
}
