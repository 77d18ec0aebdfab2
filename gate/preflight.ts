/**
 * Before anybody is paid for a fix: the project's whole test command, once, on the base, where the gate will run it too.
 * What cannot run there can prove no fix. The run is kept for the verifications that may be served from a cache.
 */
import { filesOfCommit } from '../context/detect/project-files.ts';
import type { Law } from '../context/law.ts';
import type { Repository } from '../context/repository.ts';
import { BUILT_IN_SCENARIO } from '../context/schemas/scenarios.ts';
import { prepareRules } from '../context/structure/rules.ts';
import type { ErrorEvent } from '../events/event.ts';
import { maskText } from '../events/mask.ts';
import type { CheckRun } from './check-run.ts';
import { openCheckout } from './checkout.ts';
import { environmentKey } from './environment-key.ts';
import { knownFailingLine } from './lift.ts';
import { type Advice, adviseOn, missingLine } from './preflight/advice.ts';
import { Execution, type RunCache } from './scenarios/execution.ts';
import { sortScenarios } from './scenarios/order.ts';
import { treeOf } from './tree.ts';
import type { Counts } from './verification.ts';
import { openWorkspace } from './workspace.ts';

/** Less than this stands in many outputs by chance. */
const SHORTEST_MESSAGE = 12;

export interface PreflightRequest {
  repository: Repository;
  /** The law of the base. */
  law: Law;
  /** The base commit, by its full id. */
  base: string;
  event: Pick<ErrorEvent, 'source' | 'message'>;
  cache?: RunCache | undefined;
  signal?: AbortSignal | undefined;
  /** Told before the run, and when another process is waited for. */
  onProgress?: ((line: string) => void) | undefined;
}

export type Preflight =
  /** `failing`: cases that are red on the base and not declared as known; `lift` silences them. */
  | { status: 'ran'; command: string; counts: Counts; seconds: number; failing: string[]; lift?: string }
  /** The law does not ask for it, or the incident itself may be why it cannot run: `why` ends a sentence. */
  | { status: 'passed_over'; command: string; why: string }
  /** No fix could be proven. `why` is one or two sentences. */
  | { status: 'blocked'; command: string; why: string; advice: Advice };

/** Throws what `openCheckout` throws: a setup command that fails, another process that does not end. */
export async function preflight(request: PreflightRequest): Promise<Preflight> {
  const { law } = request;
  // Fetched while the tests run and a fix is written, so that the first verdict has its structural rules judged.
  prepareRules(law);
  const { tests, guardrails } = law.config;
  const command = tests.command.trim();
  const passOver = (why: string): Preflight => ({ status: 'passed_over', command, why });
  if (!guardrails.require_test_pass) return passOver('guardrails.require_test_pass is false');
  if (tests.known_failing.includes(BUILT_IN_SCENARIO))
    return passOver(`tests.known_failing names ${BUILT_IN_SCENARIO}`);

  const project = await filesOfCommit(request.repository.root, request.base);
  const blocked = async (code: string, why: string, output: string): Promise<Preflight> => {
    const advice = await adviseOn({ code, output }, law, project);
    return { status: 'blocked', command, why, advice };
  };
  if (command === '') {
    const looked = law.detection.why.filter((line) => line.startsWith('No test command:'));
    return blocked('no_command', looked.join(' ') || 'No test command was found.', '');
  }

  const run = await runOnBase(request);
  const because = whyBlocked(run);
  if (because === null) {
    const failing = run.cases.filter(({ status }) => status === 'failed').map(({ name }) => name);
    const unknown = failing.filter((name) => !tests.known_failing.includes(name));
    const lift = unknown.length > 0 ? { lift: knownFailingLine(tests.known_failing, BUILT_IN_SCENARIO, unknown) } : {};
    const counts = run.counts ?? { passed: 0, failed: 0, skipped: 0 };
    return { status: 'ran', command, counts, seconds: run.seconds, failing: unknown, ...lift };
  }
  if (mayBeIncident(run, request.event)) return passOver(`${because.why} That may be the incident itself`);
  const missing = missingLine(run.output);
  const said = missing === undefined || because.why.includes(missing) ? '' : ` It says: ${missing}`;
  return blocked(because.code, because.why + said, run.output);
}

async function runOnBase({ repository, law, base, cache, signal, onProgress }: PreflightRequest): Promise<CheckRun> {
  const workspace = await openWorkspace(repository);
  const tree = await treeOf(workspace, base);
  const { tests, worktree } = law.config;
  const checkout = await openCheckout({
    repository,
    config: worktree,
    base,
    signal,
    onWait: (pid) => onProgress?.(`waiting for another verification (process ${pid})`),
  });
  try {
    const [wholeSuite] = sortScenarios([], tests, { touched: [], radius: [] }).runnable;
    if (!wholeSuite) throw new Error('A test command is no scenario');
    const execution = new Execution({
      checkout,
      config: law.config,
      cache,
      environmentKey: await environmentKey(repository, worktree.link, checkout.key),
      signal,
      onRun: (line) => onProgress?.(`running on the base: ${line}`),
    });
    return await execution.once(wholeSuite, tree, 'base');
  } finally {
    await checkout.close();
  }
}

/** Null when its cases can be compared with those of a fix. */
function whyBlocked({ status, reason, cases, counts }: CheckRun): { code: string; why: string } | null {
  if (status === 'passed' || status === 'failed') return null;
  const code = reason?.code ?? status;
  const blocked = { code, why: reason?.message ?? 'It could not be run.' };
  if (counts === null || code === 'no_test_ran') return blocked;
  if (code === 'exit_contradicts_counts') return null;
  // A file that did not load stands there as one failed case of its own name; where nothing else ran, nothing was tested.
  const ran = cases.some((one) => one.status !== 'failed' || one.name !== (one.file ?? 'a test file'));
  return code === 'load_error' && ran ? null : blocked;
}

/** A failed CI step, or the incident's own message in the output: then this is what a fix has to repair. */
function mayBeIncident({ output, cases }: CheckRun, { source, message }: PreflightRequest['event']): boolean {
  if (source === 'github') return true;
  const masked = maskText(message).trim();
  if (masked.length < SHORTEST_MESSAGE) return false;
  const told = [output, ...cases.map(({ failure = '' }) => failure)].flatMap((text) => text.split('\n'));
  return told.some((line) => maskText(line).includes(masked));
}
