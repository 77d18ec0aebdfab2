/** Runs one scenario on the tree that stands in a checkout, whichever way it is executed. */
import type { CheckRun } from '../check-run.ts';
import { runCall } from '../direct/call/run-call.ts';
import { reportOf } from '../direct/cases.ts';
import { runHttp } from '../direct/http/run-http.ts';
import { type CheckRequest, runCheck } from '../runner/run-command.ts';
import { tailOf, withRunPlace } from '../runner/run-place.ts';
import { nameOfWay, type Way } from './way.ts';

export interface WayRequest extends Omit<CheckRequest, 'command'> {
  way: Way;
}

export function runWay({ way, ...request }: WayRequest): Promise<CheckRun> {
  if (way.by === 'command') return runCheck({ ...request, command: way.command });
  const { checkout, tree, at, env, redactIps } = request;
  return withRunPlace(checkout.path, env, async (place) => {
    const { judgement, seconds, output } =
      way.by === 'call' ? await runCall(way, place, request) : await runHttp(way, place, request);
    const told = `${output.replace(/\n?$/, output === '' ? '' : '\n')}${reportOf(judgement)}`;
    const { status } = judgement;
    return {
      command: nameOfWay(way),
      tree,
      at,
      ...judgement,
      exit: status === 'passed' ? 0 : status === 'timed_out' ? null : 1,
      diagnostics: [],
      seconds,
      output: told,
      tail: tailOf(told, redactIps),
    };
  });
}
