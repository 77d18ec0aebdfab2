/**
 * Runs one check command on the tree that stands in a checkout, with the environment of checks and a home of its own. A
 * line that chains several test runners is run part by part, so that all of its cases are counted.
 */
import { join } from 'node:path';
import { readDiagnostics } from '../../events/diagnostics.ts';
import type { CheckRun } from '../check-run.ts';
import type { RunLimits } from '../run-limits.ts';
import type { TreeRole } from '../verification.ts';
import { type ChainPart, splitChain } from './chain.ts';
import { detectRunner } from './detect-runner.ts';
import { packagesIn } from './packages.ts';
import { joinParts, type PartRun, runPart } from './run-part.ts';
import { type RunPlace, tailOf, withRunPlace } from './run-place.ts';

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

export function runCheck(request: CheckRequest): Promise<CheckRun> {
  return withRunPlace(request.checkout.path, request.env, async (place) => {
    const { exit, seconds, output, ...judgement } = await runParts(request, place);
    return {
      command: request.command,
      tree: request.tree,
      at: request.at,
      ...judgement,
      exit,
      diagnostics: request.kind === 'test' || exit === 0 ? [] : readDiagnostics(output, place.checkout),
      seconds,
      output,
      tail: tailOf(output, request.redactIps),
    };
  });
}

async function runParts(request: CheckRequest, { checkout, scratch, env, confine }: RunPlace): Promise<PartRun> {
  const { kind, author, command, timeoutMs, signal, onOutput } = request;
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
