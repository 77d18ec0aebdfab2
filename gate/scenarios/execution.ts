/**
 * Runs scenarios on a tree, each command once however many scenarios name it, several at the same time where people say
 * so: each then has a checkout, a home and a temporary folder of its own. Ports, services and the machine's time are shared
 * all the same; so a run that was ended beside others is repeated alone, and a red one is red. Where a verdict is only
 * advice, runs may be served from a cache, whose key holds everything that decides the outcome.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Config } from '../../context/schemas/config.ts';
import type { CheckRun } from '../check-run.ts';
import type { Checkout } from '../checkout.ts';
import { toWire } from '../direct/wire.ts';
import { sandboxMode } from '../runner/sandbox.ts';
import { countsSchema, type TreeRole, treeRoleSchema } from '../verification.ts';
import type { RunnableScenario } from './order.ts';
import { runWay } from './run-way.ts';

export interface RunCache {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

export interface ExecutionContext {
  checkout: Pick<Checkout, 'path' | 'use' | 'lane'>;
  config: Pick<Config, 'tests' | 'intake'>;
  /** Absent wherever publishing may rest on the verdict: those runs are always made. */
  cache?: RunCache | undefined;
  /** What else decides an outcome and is not in the tree: the installed dependencies, `worktree` settings. */
  environmentKey: string;
  signal?: AbortSignal | undefined;
  /** Told before every run, for progress. */
  onRun?: ((command: string, at: TreeRole) => void) | undefined;
}

export class Execution {
  readonly #context: ExecutionContext;
  readonly #done = new Map<string, Promise<CheckRun>>();
  /** Where a command runs: in the same lane on every tree, so that a path in the name of a case is the same as well. */
  readonly #lanes = new Map<string, number>();

  constructor(context: ExecutionContext) {
    this.#context = context;
  }

  /** The runs of the scenarios on one tree, by scenario id; `tests.jobs` of them at the same time, begun in their order. */
  async onTree(scenarios: readonly RunnableScenario[], tree: string, at: TreeRole): Promise<Map<string, CheckRun>> {
    const lanes = Math.min(this.#context.config.tests.jobs, scenarios.length);
    if (lanes > 1) await this.#sideBySide(scenarios, tree, at, lanes);
    const runs = new Map<string, CheckRun>();
    const repeated = new Set<string>();
    for (const scenario of scenarios) {
      const key = keyOf(scenario, tree);
      const run = await this.once(scenario, tree, at);
      if (lanes > 1 && mayBeCrowding(run) && !repeated.has(key)) {
        repeated.add(key);
        this.#done.set(key, this.again(scenario, tree, at));
      }
      runs.set(scenario.id, await this.once(scenario, tree, at));
    }
    return runs;
  }

  /** One run per way of execution and tree. */
  once(scenario: RunnableScenario, tree: string, at: TreeRole): Promise<CheckRun> {
    const key = keyOf(scenario, tree);
    const known = this.#done.get(key);
    if (known) return known.then((run) => ({ ...run, at }));
    const started = this.#fromCache(scenario, tree, at);
    this.#done.set(key, started);
    return started;
  }

  /** Always runs, whatever was run before, on exactly this tree without what a run before left behind. */
  async again(scenario: RunnableScenario, tree: string, at: TreeRole): Promise<CheckRun> {
    const { config, signal, onRun } = this.#context;
    const checkout = await this.#context.checkout.lane(this.#lanes.get(scenario.command) ?? 0);
    await checkout.use(tree);
    onRun?.(scenario.command, at);
    const run = await runWay({
      checkout,
      tree,
      at,
      way: scenario.way,
      kind: scenario.kind,
      author: scenario.author,
      timeoutMs: scenario.timeoutMs,
      env: config.tests.env,
      redactIps: config.intake.redact_ips,
      signal,
    });
    signal?.throwIfAborted();
    return run;
  }

  /** Resolves when nothing runs any more, also after an error. */
  async #sideBySide(scenarios: readonly RunnableScenario[], tree: string, at: TreeRole, lanes: number): Promise<void> {
    const waiting = [...scenarios];
    const take = (lane: number) => {
      const next = waiting.findIndex(({ command }) => (this.#lanes.get(command) ?? lane) === lane);
      return next < 0 ? undefined : waiting.splice(next, 1)[0];
    };
    const work = async (lane: number) => {
      for (let scenario = take(lane); scenario; scenario = take(lane)) {
        this.#lanes.set(scenario.command, lane);
        try {
          await this.once(scenario, tree, at);
        } catch (error) {
          waiting.length = 0;
          throw error;
        }
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: lanes }, (_, lane) => work(lane)));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  async #fromCache(scenario: RunnableScenario, tree: string, at: TreeRole): Promise<CheckRun> {
    const { cache } = this.#context;
    const key = this.#cacheKey(scenario, tree);
    const kept = cachedRunSchema.safeParse(cache?.get(key));
    if (kept.success) return { ...kept.data, at } as CheckRun;
    const run = await this.again(scenario, tree, at);
    // An error or a timeout may be the machine's; it is tried again the next time.
    if (run.status === 'passed' || run.status === 'failed') cache?.set(key, { ...run, output: '' });
    return run;
  }

  #cacheKey({ way, kind, timeoutMs }: RunnableScenario, tree: string): string {
    const { config, environmentKey } = this.#context;
    const env = Object.entries(config.tests.env).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const machine = [
      process.version,
      process.platform,
      process.arch,
      process.env.PATH,
      process.env.LANG,
      sandboxMode(),
    ];
    const parts = ['run-3', tree, way, kind, timeoutMs, env, environmentKey, machine];
    return createHash('sha256').update(toWire(parts)).digest('hex');
  }
}

function keyOf({ way, kind }: RunnableScenario, tree: string): string {
  return toWire([way, kind, tree]);
}

/** Ended by the clock, or by the system for want of memory: others that ran beside it may be why. */
function mayBeCrowding({ status, reason }: CheckRun): boolean {
  return status === 'timed_out' || reason?.code === 'runner_failed';
}

const cachedRunSchema = z.object({
  command: z.string(),
  tree: z.string(),
  at: treeRoleSchema,
  status: z.enum(['passed', 'failed']),
  reason: z.object({ code: z.string(), message: z.string() }).optional(),
  exit: z.number().nullable(),
  counts: countsSchema.nullable(),
  cases: z.array(
    z.object({
      name: z.string(),
      file: z.string().optional(),
      status: z.enum(['passed', 'failed', 'skipped']),
      failure: z.string().optional(),
    }),
  ),
  diagnostics: z.array(
    z.object({
      file: z.string(),
      line: z.number().optional(),
      column: z.number().optional(),
      code: z.string().optional(),
      message: z.string(),
    }),
  ),
  seconds: z.number(),
  output: z.string(),
  tail: z.string(),
});
