/**
 * Runs scenarios on a tree, each command once however many scenarios name it. Runs on the base may be served from a
 * cache: there the key holds everything that decides the outcome. A fix's trees are always run.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Config } from '../../context/schemas/config.ts';
import type { CheckRun } from '../check-run.ts';
import type { Checkout } from '../checkout.ts';
import { runCheck } from '../runner/run-command.ts';
import { countsSchema, type TreeRole, treeRoleSchema } from '../verification.ts';
import type { RunnableScenario } from './order.ts';

export interface RunCache {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

export interface ExecutionContext {
  checkout: Pick<Checkout, 'path' | 'use'>;
  config: Pick<Config, 'tests' | 'intake'>;
  /** Absent in the final verification, which is never served from a cache. */
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

  constructor(context: ExecutionContext) {
    this.#context = context;
  }

  /** The runs of the scenarios on one tree, by scenario id; `tests.jobs` of them at the same time. */
  async onTree(scenarios: readonly RunnableScenario[], tree: string, at: TreeRole): Promise<Map<string, CheckRun>> {
    const runs = new Map<string, CheckRun>();
    const { jobs } = this.#context.config.tests;
    if (jobs <= 1) {
      for (const scenario of scenarios) runs.set(scenario.id, await this.once(scenario, tree, at));
      return runs;
    }
    await this.#context.checkout.use(tree);
    const waiting = [...scenarios];
    const work = async () => {
      for (let scenario = waiting.shift(); scenario; scenario = waiting.shift())
        runs.set(scenario.id, await this.once(scenario, tree, at, false));
    };
    await Promise.all(Array.from({ length: jobs }, work));
    return runs;
  }

  /** One run per command and tree; `use` puts the tree there first, without what the run before left behind. */
  once(scenario: RunnableScenario, tree: string, at: TreeRole, use = true): Promise<CheckRun> {
    const key = JSON.stringify([scenario.command, scenario.kind, tree]);
    const known = this.#done.get(key);
    if (known) return known.then((run) => ({ ...run, at }));
    const started = this.#fromCache(scenario, tree, at, use);
    this.#done.set(key, started);
    return started;
  }

  /** Always runs, whatever was run before. */
  async again(scenario: RunnableScenario, tree: string, at: TreeRole, use = true): Promise<CheckRun> {
    const { checkout, config, signal, onRun } = this.#context;
    if (use) await checkout.use(tree);
    onRun?.(scenario.command, at);
    const run = await runCheck({
      checkout,
      tree,
      at,
      command: scenario.command,
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

  async #fromCache(scenario: RunnableScenario, tree: string, at: TreeRole, use: boolean): Promise<CheckRun> {
    const cache = at === 'base' ? this.#context.cache : undefined;
    const key = cache && this.#cacheKey(scenario, tree);
    const kept = key === undefined ? undefined : cachedRunSchema.safeParse(cache?.get(key));
    if (kept?.success) return { ...kept.data, at } as CheckRun;
    const run = await this.again(scenario, tree, at, use);
    // An error or a timeout may be the machine's; it is tried again the next time.
    if (key !== undefined && (run.status === 'passed' || run.status === 'failed'))
      cache?.set(key, { ...run, output: '' });
    return run;
  }

  #cacheKey({ command, kind, timeoutMs }: RunnableScenario, tree: string): string {
    const { config, environmentKey } = this.#context;
    const env = Object.entries(config.tests.env).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const machine = [process.version, process.platform, process.arch, process.env.PATH, process.env.LANG];
    const parts = ['run-1', tree, command, kind, timeoutMs, env, environmentKey, machine];
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  }
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
