/**
 * Runs one check command on the tree that stands in a checkout, in a process group, with the environment of checks, and
 * counts its cases by the runner's own machine report, which is written outside of the tree under a name nobody can guess.
 */
import { randomUUID } from 'node:crypto';
import { access, mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { redact } from '../../events/redact.ts';
import type { CheckRun } from '../check-run.ts';
import { removeForce } from '../checkout-cleaning.ts';
import { type GroupCommand, type GroupResult, runGroup } from '../process-group.ts';
import type { TreeRole } from '../verification.ts';
import { type DetectedRunner, detectRunner } from './detect-runner.ts';
import { readDiagnostics } from './diagnostics.ts';
import { checkEnvironment } from './environment.ts';
import { type Judgement, judgeEnding, judgeReport } from './judge.ts';
import { reporters } from './reporters.ts';
import { pytestReporter } from './reports/pytest.ts';
import type { Report, ReportRequest, ReportSource } from './reports/report.ts';
import { tapReporter } from './reports/tap.ts';
import { readScripts } from './scripts.ts';
import { quoteArgument, readShellLine } from './shell-line.ts';

export interface CheckRequest {
  /** The tree must already stand there (`checkout.use`). */
  checkout: { path: string };
  tree: string;
  at: TreeRole;
  command: string;
  /** `test`: cases are counted; `check`: the exit code judges. */
  kind: 'test' | 'check';
  /** Lines that people committed may use the shell; what an agent added is run as its words. */
  author: 'people' | 'agent';
  timeoutMs: number;
  /** `tests.env` of the base's config. */
  env: Record<string, string>;
  redactIps: boolean;
  signal?: AbortSignal | undefined;
  onOutput?: ((text: string) => void) | undefined;
}

const TAIL_LIMIT = 4096;

export async function runCheck(request: CheckRequest): Promise<CheckRun> {
  const scratch = await mkdtemp(join(tmpdir(), 'self-healing-check-'));
  try {
    return await runIn(scratch, request);
  } finally {
    await removeForce(scratch);
  }
}

async function runIn(scratch: string, request: CheckRequest): Promise<CheckRun> {
  const folders = { home: join(scratch, 'home'), temp: join(scratch, 'tmp'), report: join(scratch, randomUUID()) };
  for (const folder of Object.values(folders)) await mkdir(folder);
  const checkout = await realpath(request.checkout.path);
  const counts = request.kind === 'test';
  const detected = counts ? detectRunner(request.command, (folder) => readScripts(join(checkout, folder))) : null;
  const asked = detected ? await askForReport(detected, folders.report) : { args: [], env: {} };
  const group = await runGroup(withArguments(request, detected?.separators ?? [], asked.args), {
    cwd: checkout,
    env: mergeEnvironment(checkEnvironment(folders, request.env), asked.env),
    timeoutMs: request.timeoutMs,
    signal: request.signal,
    onOutput: request.onOutput,
  });
  const source = { folder: folders.report, checkout, stdout: group.stdout, output: group.output, exit: group.exit };
  const judgement = judgeEnding(group, request.timeoutMs) ?? (await judge(detected, source, group));
  return {
    command: request.command,
    tree: request.tree,
    at: request.at,
    ...judgement,
    exit: group.exit,
    diagnostics: counts || group.exit === 0 ? [] : readDiagnostics(group.output, checkout),
    seconds: group.seconds,
    output: group.output,
    tail: tailOf(group.output, request.redactIps),
  };
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

function withArguments(request: CheckRequest, separators: string[], args: string[]): GroupCommand {
  const added = args.length === 0 ? [] : [...separators, ...args];
  if (request.author === 'people') return { shell: [request.command, ...added.map(quoteArgument)].join(' ') };
  const [program = '', ...words] = readShellLine(request.command).commands[0] ?? [];
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

function tailOf(output: string, ips: boolean): string {
  const text = redact(stripVTControlCharacters(output.slice(-4 * TAIL_LIMIT)), { ips }).trimEnd();
  return text.length <= TAIL_LIMIT ? text : `…${text.slice(1 - TAIL_LIMIT)}`;
}
