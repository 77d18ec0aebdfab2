/**
 * Runs one line that ends in at most one test runner, in a process group, and counts its cases by the runner's machine
 * report, which is written outside of the tree under a name nobody can guess.
 */
import { randomUUID } from 'node:crypto';
import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { CheckRun } from '../check-run.ts';
import type { GroupCommand, GroupResult } from '../process-group.ts';
import { checkLimits, type RunLimits } from '../run-limits.ts';
import { runCheckProcess } from './check-process.ts';
import type { DetectedRunner, RunnerName } from './detect-runner.ts';
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
  const startedMs = await fileTime(join(folder, 'started'));
  const group = await runCheckProcess(withArguments(request, asked.args), {
    cwd: checkout,
    env: mergeEnvironment(request.env, asked.env),
    confine: request.confine,
    limits,
    timeoutMs,
    signal,
    ...(onOutput ? { onOutput } : {}),
  });
  const { stdout, stderr, output, exit, seconds } = group;
  const start = join(checkout, detected?.folder ?? '');
  const source = { folder, checkout, start, words: detected?.words ?? [], startedMs, stdout, stderr, output, exit };
  const ending = judgeEnding(group, timeoutMs, limits);
  if (ending !== null) return { ...ending, exit, seconds, output };
  if (detected === null) return { ...judgeExit(exit ?? 1), exit, seconds, output };
  const report = await readReport(detected, source, group);
  const shown = report.counted ? (report.output ?? output) : output;
  return { ...judge(detected, report, exit ?? 1), exit, seconds, output: shown };
}

/** Clocks of a process and of a file system may differ by some milliseconds: times of files are compared with each other. */
async function fileTime(path: string): Promise<number> {
  await writeFile(path, '');
  return (await stat(path)).mtimeMs;
}

function judgeExit(exit: number): Judgement {
  return { status: exit === 0 ? 'passed' : 'failed', counts: null, cases: [] };
}

function judge(detected: DetectedRunner, report: Report, exit: number): Judgement {
  const judged = judgeReport(exit, report);
  if (detected.earlier === null || judged.status === 'error') return judged;
  const message = `It runs ${detected.earlier} and then ${detected.runner ?? 'another command'} in one line; only the last could be counted.`;
  return { ...judged, status: 'error', reason: { code: 'uncounted', message } };
}

function askForReport(detected: DetectedRunner, folder: string): Promise<ReportRequest> {
  // An unknown command may still end up in pytest (make, tox, a script): its variable reaches it anywhere.
  if (detected.runner === null || detected.runner === 'named-junit') return pytestReporter.request(folder, []);
  // Node refuses two lists of reporters of different length: a script that chose its own keeps it, and is read as TAP.
  if (detected.words.some((word) => word.startsWith('--test-reporter')))
    return tapReporter.request(folder, detected.words);
  return reporters[detected.runner].request(folder, detected.words);
}

/** Runners whose report is what they print. */
const TOLD_ON_STDOUT: ReadonlySet<RunnerName | null> = new Set(['tap', 'ava', 'go', 'cargo'] as const);

async function readReport(detected: DetectedRunner, source: ReportSource, group: GroupResult): Promise<Report> {
  if (!group.stdoutComplete && TOLD_ON_STDOUT.has(detected.runner))
    return {
      counted: false,
      code: 'uncounted',
      message: 'It printed more than 16 MiB, of which its report is a part.',
    };
  if (detected.runner !== null && detected.runner !== 'named-junit') return reporters[detected.runner].read(source);
  const usedPytest = await access(join(source.folder, 'pytest.xml')).then(
    () => true,
    () => false,
  );
  if (usedPytest) return pytestReporter.read(source);
  return detected.runner === null ? tapReporter.read(source) : reporters[detected.runner].read(source);
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
    if (name === 'PYTHONPATH') merged[name] = before ? `${value}${delimiter}${before}` : value;
    else merged[name] = before ? `${before} ${value}` : value;
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
