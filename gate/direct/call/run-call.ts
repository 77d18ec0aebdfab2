/** Calls an export of a module of the tree, each row after the other, in a process group of its own. */

import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type CallExpectation, readCallExpectation } from '../../../context/schemas/expectation.ts';
import type { GroupResult } from '../../process-group.ts';
import { checkLimits } from '../../run-limits.ts';
import { runCheckProcess } from '../../runner/check-process.ts';
import { type Judgement, judgeEnding } from '../../runner/judge.ts';
import type { RunPlace } from '../../runner/run-place.ts';
import { directError } from '../cases.ts';
import type { DirectLimits, DirectRun } from '../direct-run.ts';
import { toWire } from '../wire.ts';
import { HOOKS_SOURCE } from './hooks-source.ts';
import { type Call, judgeOutcomes } from './judge-call.ts';
import { type CallOutcome, readOutcomes } from './outcome.ts';
import { RUNNER_SOURCE } from './runner-source.ts';
import { configOf } from './tsconfig.ts';

/** What Node can load, or be helped to load. */
export const CALLABLE = /\.(?:[cm]?[jt]s|[jt]sx)$/;

export async function runCall(call: Call, place: RunPlace, limits: DirectLimits): Promise<DirectRun> {
  const at = (judgement: Judgement): DirectRun => ({ judgement, seconds: 0, output: '' });
  const expectations: CallExpectation[] = [];
  for (const { name, expected } of call.cases) {
    const read = readCallExpectation(expected);
    if (!read.ok) return at(directError('bad_scenario', `"${name}" cannot be judged: ${read.why}.`));
    expectations.push(read.value);
  }
  if (!CALLABLE.test(call.module))
    return at(
      directError('bad_scenario', `${call.module} is no JavaScript or TypeScript module (${extname(call.module)}).`),
    );

  const folder = place.scratch;
  const results = join(folder, `${randomUUID()}.jsonl`);
  const path = join(place.checkout, call.module);
  const [runner, hooks, job] = ['call.mjs', 'hooks.mjs', 'call.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const rows = call.cases.map(({ input }) => argumentsOf(input));
  const { checkout } = place;
  await Promise.all([
    writeFile(runner, RUNNER_SOURCE),
    writeFile(hooks, HOOKS_SOURCE),
    writeFile(
      job,
      toWire({
        checkout,
        path,
        module: call.module,
        export: call.export,
        rows,
        results,
        hooks,
        tsconfig: configOf(path),
      }),
    ),
  ]);
  const { timeoutMs, signal, onOutput } = limits;
  const group = await runCheckProcess(
    { argv: ['node', '--enable-source-maps', runner, job] },
    { cwd: checkout, env: place.env, confine: place.confine, timeoutMs, signal, ...(onOutput ? { onOutput } : {}) },
  );
  const outcomes = readOutcomes(await readFile(results, 'utf8').catch(() => ''));
  const judgement = earlyEnding(group, outcomes, timeoutMs) ?? judgeOutcomes(call, expectations, outcomes, group.exit);
  return { judgement, seconds: group.seconds, output: group.output };
}

/** A list is the arguments; anything else is the only one. */
function argumentsOf(input: unknown): unknown[] {
  if (input === undefined) return [];
  return Array.isArray(input) ? input : [input];
}

/** How the process ended decides, unless it said itself how it ended: then that is what a case came to. */
function earlyEnding(group: GroupResult, outcomes: readonly CallOutcome[], timeoutMs: number): Judgement | null {
  const ended = judgeEnding(group, timeoutMs, checkLimits());
  if (ended === null || ended.status === 'timed_out' || ended.reason?.code === 'aborted') return ended;
  return outcomes.length > 0 ? null : ended;
}
