import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../events/errors.ts';
import { explain } from '../../gate/explain.ts';
import { type CarriedOut, carryOut } from '../../healer/approval/carry-out.ts';
import { askingOf } from '../../healer/approval/question.ts';
import { requireIncident } from '../../healer/incidents/decisions.ts';
import { type ApproveResult, approvePublish } from '../../healer/publishing/approve-publish.ts';
import { lacksPullRequest } from '../../healer/publishing/missing-pull-request.ts';
import { type NotPublished, type PublishState, whilePaused } from '../../healer/publishing/publish-states.ts';
import { type Published, publishedAs, publishedLines } from '../../healer/publishing/published.ts';
import type { Workbench } from '../../healer/workbench.ts';
import { decisionOf, decisionsOf } from '../../store/approvals.ts';
import { proposalOf } from '../../store/proposals.ts';
import { lastPublishAttempt } from '../../store/publish-attempts.ts';
import { approver, askServe, decideByToken, serveOf } from '../ask-serve.ts';
import { withIncidents } from '../bench.ts';
import { type Answer, type Call, command, JSON_OPTION } from '../command.ts';
import { decideHere } from '../decide.ts';
import { decided } from '../decided.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { incidentArgument } from '../incident-argument.ts';
import { person } from '../person.ts';

export const approveCommand = command({
  name: 'approve',
  arguments: ['<incident>'],
  summary:
    'let a waiting incident start, or publish its verified fix, or open the pull request it lacks (a person at a terminal, or SELF_HEALING_TOKEN)',
  options: [JSON_OPTION],
  input: z.object({ incident: incidentArgument }),
  run({ incident }, call) {
    const { token } = approver('approve');
    return withIncidents(call, async (bench) => {
      const record = await requireIncident(bench.incidents, incident);
      const { status } = record;
      const waits = status === 'awaiting_publish';
      const lacking = lacksPullRequest(bench, record) !== undefined;
      // A running service would keep the answer until it goes on, and whoever typed it would wait.
      const paused = waits || status === 'verified' || lacking ? whilePaused(bench, incident, process.env) : undefined;
      if (paused) return tell(incident, paused, call);
      if (token !== undefined) {
        const { key } = (await askingOf(bench, record)) ?? {};
        await decideByToken(bench, token, { incident, answer: 'approve', who: person() });
        if (waits && key) return follow(bench, incident, key, call);
        return mayStart(bench, incident);
      }
      if (lacking) {
        call.say('It was approved and pushed; now its pull request is opened.');
        return tell(incident, await publishHere(bench, incident, call), call);
      }
      if (status === 'verified') return tell(incident, await publishHere(bench, incident, call), call);
      if (waits) return approveFix(bench, incident, call);
      await decideHere(bench, { incident, answer: 'approve' });
      return mayStart(bench, incident);
    });
  },
});

async function mayStart(bench: Workbench, incident: string): Promise<Answer> {
  return decided(await requireIncident(bench.incidents, incident), 'may start', `self-healing heal ${incident}`);
}

function publishHere(bench: Workbench, incident: string, call: Call): Promise<ApproveResult> {
  const request = { who: person(), verifyAgain: true, signal: call.signal, onProgress: progress(call) };
  return approvePublish(bench, incident, request);
}

/** A running service that holds the evidence publishes at once; else the kept tree is verified again here. */
async function approveFix(bench: Workbench, incident: string, call: Call): Promise<Answer> {
  const serving = await serveOf(bench);
  const { key } = (await askingOf(bench, await requireIncident(bench.incidents, incident))) ?? {};
  if (serving && key !== undefined) {
    const request = { incident, answer: 'approve', who: person(), only_with_evidence: true } as const;
    if ((await askServe(serving, request)).status === 'decided') {
      call.say(`The running service (${serving.url}) holds its evidence and publishes it.`);
      return follow(bench, incident, key, call);
    }
  }
  await decideHere(bench, { incident, answer: 'approve' });
  const { round } = await requireIncident(bench.incidents, incident);
  const decision = decisionsOf(bench.db, incident, round).findLast(({ outcome }) => outcome === undefined);
  if (!decision) throw new UserError(`${incident} was decided about meanwhile.`, '', 'not_allowed');
  call.say('The kept tree is verified again before it is published.');
  const options = { signal: call.signal, onProgress: progress(call), last: true };
  return toldOf(bench, incident, await carryOut(bench, decision, options), call);
}

/** Until the service is done with it. */
async function follow(bench: Workbench, incident: string, key: string, call: Call): Promise<Answer> {
  for (;;) {
    const outcome = decisionOf(bench.db, key)?.outcome;
    if (outcome) return toldOf(bench, incident, { end: 'ended', ...outcome }, call);
    if (call.signal.aborted || !(await serveOf(bench)))
      throw new UserError(
        call.signal.aborted ? 'The service goes on with it.' : 'The service ended before it was published.',
        `Look at it with \`self-healing show ${incident}\`.`,
        'failed',
      );
    await sleep(FOLLOW_MS);
  }
}

const FOLLOW_MS = 300;

async function toldOf(bench: Workbench, incident: string, carried: CarriedOut, call: Call): Promise<Answer> {
  if (carried.result) return tell(incident, carried.result, call);
  const { round, status } = await requireIncident(bench.incidents, incident);
  const proposal = proposalOf(bench.db, incident, round);
  if (status === 'proposed' && proposal) return tell(incident, publishedAs(proposal), call);
  const attempt = lastPublishAttempt(bench.db, incident, round);
  const next = attempt?.next ?? `Look at it with \`self-healing show ${incident}\`.`;
  return tell(
    incident,
    { status: (attempt?.state ?? 'refused') as PublishState, why: attempt?.why ?? carried.why, next },
    call,
  );
}

function progress(call: Call): (line: string) => void {
  return (line) => call.pass(call.paint('dim', `  ${line}`));
}

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
