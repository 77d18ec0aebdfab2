/**
 * Runs one check command on the tree that stands in a checkout, with the environment of checks and a home of its own. A
 * line that chains several test runners is run part by part, so that all of its cases are counted.
 */
import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { redact } from '../../events/redact.ts';
import type { CheckRun } from '../check-run.ts';
import { removeForce } from '../checkout/cleaning.ts';
import { SCRATCH_PREFIX } from '../checkout/pruning.ts';
import { activatedPath } from '../dependencies/activated-path.ts';
import type { RunLimits } from '../run-limits.ts';
import type { TreeRole } from '../verification.ts';
import { type ChainPart, splitChain } from './chain.ts';
import { detectRunner } from './detect-runner.ts';
import { readDiagnostics } from './diagnostics.ts';
import { checkEnvironment } from './environment.ts';
import { packagesIn } from './packages.ts';
import { joinParts, type PartRun, runPart } from './run-part.ts';
import { openSandbox } from './sandbox.ts';

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
  /** Instead of the default ones. */
  limits?: Partial<RunLimits> | undefined;
  signal?: AbortSignal | undefined;
  onOutput?: ((text: string) => void) | undefined;
}

const TAIL_LIMIT = 4096;

export async function runCheck(request: CheckRequest): Promise<CheckRun> {
  const scratch = await mkdtemp(join(tmpdir(), SCRATCH_PREFIX));
  try {
    const checkout = await realpath(request.checkout.path);
    const run = await runParts(request, checkout, scratch);
    const { exit, seconds, output, ...judgement } = run;
    return {
      command: request.command,
      tree: request.tree,
      at: request.at,
      ...judgement,
      exit,
      diagnostics: request.kind === 'test' || exit === 0 ? [] : readDiagnostics(output, checkout),
      seconds,
      output,
      tail: tailOf(output, request.redactIps),
    };
  } finally {
    await removeForce(scratch);
  }
}

async function runParts(request: CheckRequest, checkout: string, scratch: string): Promise<PartRun> {
  const { kind, author, command, timeoutMs, signal, onOutput } = request;
  const folders = { home: join(scratch, 'home'), temp: join(scratch, 'tmp') };
  for (const folder of Object.values(folders)) await mkdir(folder);
  const declared = checkEnvironment(folders, request.env);
  const env = { ...declared, PATH: await activatedPath(declared.PATH ?? '', checkout) };
  const confine = await openSandbox({ checkout, scratch: await realpath(scratch) });
  const packages = packagesIn(checkout);
  const detect = (line: string) => (kind === 'test' ? detectRunner(line, packages) : null);
  const run = (line: string, detected: ReturnType<typeof detect>, path = env.PATH, limit = timeoutMs) =>
    runPart({
      line,
      detected,
      author,
      env: { ...env, PATH: path },
      checkout,
      scratch,
      confine,
      timeoutMs: limit,
      limits: request.limits,
      signal,
      onOutput,
    });

  const whole = detect(command);
  const parts = whole !== null && whole.earlier !== null && author === 'people' ? splitChain(command, packages) : null;
  if (parts === null) return run(command, whole);
  const pathOf = ({ scriptFolder }: ChainPart) =>
    scriptFolder === null
      ? env.PATH
      : [join(checkout, scriptFolder, 'node_modules/.bin'), join(checkout, 'node_modules/.bin'), env.PATH].join(':');
  const runs: PartRun[] = [];
  let left = timeoutMs;
  for (const part of parts) {
    if (left <= 0 || (runs.some(({ exit }) => exit !== 0) && part.runsAnyway !== true)) break;
    const done = await run(part.line, detect(part.line), pathOf(part), left);
    runs.push(done);
    left -= done.seconds * 1000;
  }
  return joinParts(runs, parts.length);
}

function tailOf(output: string, ips: boolean): string {
  const text = redact(stripVTControlCharacters(output.slice(-4 * TAIL_LIMIT)), { ips }).trimEnd();
  return text.length <= TAIL_LIMIT ? text : `…${text.slice(1 - TAIL_LIMIT)}`;
}
