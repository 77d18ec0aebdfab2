/**
 * Runs one line that ends in at most one test runner, in a process group, and counts its cases by the runner's machine
 * report, which is written outside of the tree under a name nobody can guess.
 */
import { randomUUID } from 'node:crypto';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckRun } from '../check-run.ts';
import { type GroupCommand, type GroupResult, runGroup } from '../process-group.ts';
import { checkLimits, type RunLimits } from '../run-limits.ts';
import type { DetectedRunner } from './detect-runner.ts';
import { countCases, type Judgement, judgeEnding, judgeReport } from './judge.ts';
import { reporters } from './reporters.ts';
import { pytestReporter } from './reports/pytest.ts';
import { CaseList, type Report, type ReportRequest, type ReportSource } from './reports/report.ts';
import { tapReporter } from './reports/tap.ts';
import type { Confine } from './sandbox.ts';
import { quoteArgument, readShellLine } from './shell-line.ts';

export interface PartRequest {
  line: string;
  /** Null for a check, which the exit code alone judges. */
  detected: DetectedRunner | null;
  author: 'people' | 'agent';
  env: Record<string, string>;
  checkout: string;
  /** Temporary folder of the whole run. */
  scratch: string;
  /** Puts the command into the sandbox that was asked for. */
  confine: Confine;
  timeoutMs: number;
  limits: Partial<RunLimits> | undefined;
  signal: AbortSignal | undefined;
  onOutput: ((text: string) => void) | undefined;
}

export type PartRun = Judgement & Pick<CheckRun, 'exit' | 'seconds' | 'output'>;

export async function runPart(request: PartRequest): Promise<PartRun> {
  const { detected, checkout, timeoutMs, signal, onOutput } = request;
  const folder = join(request.scratch, randomUUID());
  await mkdir(folder);
  const asked = detected ? await askForReport(detected, folder) : { args: [], env: {} };
  const limits = { ...checkLimits(), ...request.limits };
  // Nobody else knows this value, so what carries it is this part's.
  const mark = `SELF_HEALING_CHECK=${randomUUID()}`;
  const group = await runGroup(request.confine(withArguments(request, asked.args)), {
    cwd: checkout,
    env: { ...mergeEnvironment(request.env, asked.env), SELF_HEALING_CHECK: mark.slice(mark.indexOf('=') + 1) },
    mark,
    limits,
    timeoutMs,
    signal,
    ...(onOutput ? { onOutput } : {}),
  });
  const source = { folder, checkout, stdout: group.stdout, output: group.output, exit: group.exit };
  const judgement = judgeEnding(group, timeoutMs, limits) ?? (await judge(detected, source, group));
  return { ...judgement, exit: group.exit, seconds: group.seconds, output: group.output };
}

async function judge(detected: DetectedRunner | null, source: ReportSource, group: GroupResult): Promise<Judgement> {
  const exit = group.exit ?? 1;
  if (detected === null) return { status: exit === 0 ? 'passed' : 'failed', counts: null, cases: [] };
  if (!group.stdoutComplete && detected.runner === 'tap')
    return judgeReport(exit, { counted: false, code: 'uncounted', message: 'It printed more than 16 MiB of TAP.' });
  const judged = judgeReport(exit, await readReport(detected, source));
  if (detected.earlier === null || judged.status === 'error') return judged;
  const message = `It runs ${detected.earlier} and then ${detected.runner ?? 'another command'} in one line; only the last could be counted.`;
  return { ...judged, status: 'error', reason: { code: 'uncounted', message } };
}

function askForReport(detected: DetectedRunner, folder: string): Promise<ReportRequest> {
  // An unknown command may still end up in pytest (make, tox, a script): its variable reaches it anywhere.
  if (detected.runner === null) return pytestReporter.request(folder);
  // Node refuses two lists of reporters of different length: a script that chose its own keeps it, and is read as TAP.
  if (detected.words.some((word) => word.startsWith('--test-reporter'))) return tapReporter.request(folder);
  return reporters[detected.runner].request(folder);
}

async function readReport(detected: DetectedRunner, source: ReportSource): Promise<Report> {
  if (detected.runner !== null) return reporters[detected.runner].read(source);
  const usedPytest = await access(join(source.folder, 'pytest.xml')).then(
    () => true,
    () => false,
  );
  return usedPytest ? pytestReporter.read(source) : tapReporter.read(source);
}

function withArguments({ line, author, detected }: PartRequest, args: string[]): GroupCommand {
  const added = args.length === 0 ? [] : [...(detected?.separators ?? []), ...args];
  if (author === 'people') return { shell: [line, ...added.map(quoteArgument)].join(' ') };
  const [program = '', ...words] = readShellLine(line).commands[0] ?? [];
  return { argv: [program, ...words, ...added] };
}

/** Options that the runner is asked with come after those that people declared under the same name. */
function mergeEnvironment(declared: Record<string, string>, asked: Record<string, string>): Record<string, string> {
  const merged = { ...declared };
  for (const [name, value] of Object.entries(asked)) {
    const before = declared[name];
    merged[name] = before ? `${before} ${value}` : value;
  }
  return merged;
}

/** The parts of a chain as one run. Parts that count nothing (lint, build) only have to succeed. */
export function joinParts(runs: readonly PartRun[], planned: number): PartRun {
  const list = new CaseList();
  for (const { cases } of runs) for (const one of cases) list.addCase(one);
  // In a chain of `&&` the last; workspaces are all run, and one that fails decides.
  const last = runs.find(({ exit }) => exit !== 0) ?? runs.at(-1);
  const isHarmless = (run: PartRun) => run.exit === 0 && run.reason?.code === 'uncounted';
  const broke = runs.find((run) => run.status === 'error' && !isHarmless(run));
  const unfinished =
    runs.length < planned
      ? { code: 'broke_off', message: `Part ${runs.length} of ${planned} of the line failed, so the rest did not run.` }
      : undefined;
  const base = {
    cases: list.cases,
    counts: countCases(list.cases),
    exit: last?.exit ?? null,
    seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
    output: runs.map(({ output }) => output).join(''),
  };
  // A chain that succeeded so far and was not finished ran out of the time that all parts share.
  const timedOut = runs.some(({ status }) => status === 'timed_out') || (unfinished && last?.exit === 0);
  if (timedOut) {
    const reason = { code: 'timed_out', message: `It was ended in part ${runs.length} of ${planned}.` };
    return { ...base, status: 'timed_out', reason, counts: null, cases: [] };
  }
  if (broke) return { ...base, status: 'error', ...(broke.reason ? { reason: broke.reason } : {}) };
  if (last?.exit !== 0) return { ...base, status: 'failed', ...(unfinished ? { reason: unfinished } : {}) };
  return { ...base, status: 'passed' };
}
