/** Why guards stopped the runs of an attempt, and which calls led there, from the rows of the stop and of the steps. */
import { redact } from '../../../events/redact.ts';
import { stoppedRun } from '../../../store/loop-states.ts';
import type { Run } from '../../../store/runs.ts';
import type { Database } from '../../../store/sqlite.ts';
import { lastSteps, type Step } from '../../../store/steps.ts';
import { callDetail, shortToolName } from '../../runs/call-line.ts';
import type { StopFacts } from './facts.ts';

/** Steps of a run that are looked at, and different calls of them that are told. */
const STEPS = 40;
const CALLS = 5;

export function stopsIn(database: Database, runs: readonly Run[]): StopFacts[] {
  return runs.flatMap(({ id }) => {
    const stop = stoppedRun(database, id);
    if (stop === undefined) return [];
    const before = lastSteps(database, id, STEPS).filter(({ denied_by }) => denied_by !== stop.rule);
    return [{ why: redact(stop.evidence, { ips: true }), calls: callsOf(before).slice(-CALLS) }];
  });
}

/** The same call with the same kind of outcome several times in a row is one. */
function callsOf(steps: readonly Step[]): StopFacts['calls'] {
  const calls: StopFacts['calls'] = [];
  for (const step of steps) {
    const call = `${shortToolName(step.tool)} ${callDetail(inputOf(step))}`.trim();
    const outcome = step.denied_by ?? step.outcome.replace(/:.*/s, '');
    const last = calls.at(-1);
    if (last?.call === call && last.outcome === outcome) last.times += 1;
    else calls.push({ call, outcome, times: 1 });
  }
  return calls;
}

/** A long input was cut when it was recorded: then its first field is what is known. */
function inputOf({ input }: Step): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(input);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    const first = /^\{"(\w+)":"((?:[^"\\]|\\.)*)"/.exec(input);
    return first?.[1] === undefined ? {} : { [first[1]]: first[2] };
  }
}
