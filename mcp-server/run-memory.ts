/**
 * Keeps what the agents of a healing run do: steps, loop states and where they were, under the run of their fix. It is
 * written after the hook was answered; what could not be written is named in the report of the fix.
 */
import { z } from 'zod';
import { defaultConfig } from '../context/schemas/config.ts';
import { openWorkspace } from '../gate/workspace.ts';
import { effectiveConfig } from '../healer/fixes/effective-config.ts';
import type { OpenFix } from '../healer/fixes/open-fix.ts';
import { partOf } from '../healer/fixes/subtask.ts';
import { recordedStep } from '../healer/runs/recorded-step.ts';
import type { Workbench } from '../healer/workbench.ts';
import { outsideTree } from '../healer/worktrees/outside-tree.ts';
import { stopRule } from '../hooks/guard/agent-stop.ts';
import type { AgentWatch, WatchStart, WatchState } from '../hooks/guard/agent-watch.ts';
import type { SeenTurn, WatchMemory } from '../hooks/guard/healing-watch.ts';
import { type Agent, agentKey } from '../hooks/guard/input.ts';
import type { Point } from '../hooks/loop/detector.ts';
import { isLoopState } from '../hooks/loop/state.ts';
import { RULES, type Rule } from '../hooks/rules.ts';
import { TreeWatch } from '../hooks/trace/tree-watch.ts';
import { addLoopPoints, loopPointsOf, loopStateOf, markStopped, saveLoopState } from '../store/loop-states.ts';
import { runsOf } from '../store/runs.ts';
import { appendStep } from '../store/steps.ts';

export interface RunMemoryOptions {
  open: () => Promise<Workbench>;
  /** The fix an agent is bound to; undefined before its `start_fix`. */
  fixOf: (agent: Agent) => Promise<OpenFix | undefined>;
  /** What an agent did was written. Never rejects. */
  written?: (agent: Agent) => Promise<void>;
}

interface Kept {
  turn: SeenTurn;
  at: Date;
}

/** Long enough for a few turns, short enough that a killed server loses little; the parent's stream has that too. */
const WRITTEN_AFTER_MS = 150;
/** Calls of an agent that has no run yet. */
const MAX_WAITING = 200;

export class RunMemory implements WatchMemory {
  private readonly options: RunMemoryOptions;
  private readonly watches = new Map<string, TreeWatch>();
  private readonly waiting = new Map<string, (SeenTurn['calls'][number] & { at: Date })[]>();
  private readonly unwritten: (Kept & { agent: Agent })[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** What an agent worked on last: its hand-over, which closes the fix, is a call of that run too. */
  private readonly last = new Map<string, OpenFix>();
  /** The newest point that was kept of an agent. */
  private readonly points = new Map<string, string>();
  private readonly troubles: string[] = [];
  private writing: Promise<void> = Promise.resolve();

  constructor(options: RunMemoryOptions) {
    this.options = options;
  }

  async start(agent: Agent): Promise<WatchStart> {
    const fallback = { settings: defaultConfig().detection };
    try {
      const fix = await this.options.fixOf(agent);
      if (fix?.run === undefined) return fallback;
      const bench = await this.options.open();
      const { incident, run } = fix;
      return {
        settings: effectiveConfig(bench, fix).detection,
        state: readState(loopStateOf(bench.db, stateKey(goesOnFrom(bench, fix, run), agent))),
        // A part of a plan begins on purpose where attempts have been.
        earlier: partOf(bench, fix) ? [] : (loopPointsOf(bench.db, incident, { except: run }) as Point[]),
      };
    } catch (error) {
      this.trouble(agent, `the record of earlier attempts could not be read: ${messageOf(error)}`);
      return fallback;
    }
  }

  async trees(agent: Agent): Promise<TreeWatch | undefined> {
    const fix = await this.options.fixOf(agent);
    if (!fix) return undefined;
    const known = this.watches.get(fix.worktree);
    if (known) return known;
    const { repository } = await this.options.open();
    const watch = new TreeWatch({
      workspace: await openWorkspace(repository),
      folder: fix.worktree,
      base: fix.base.commit,
      linked: outsideTree(fix.law.config.worktree),
    });
    this.watches.set(fix.worktree, watch);
    return watch;
  }

  keep(agent: Agent, turn: SeenTurn): void {
    this.unwritten.push({ agent, turn, at: new Date() });
    // A stop is read by other processes: the parent, and the hook that an agent ends with.
    if (turn.watch.stopped) setImmediate(() => void this.flush());
    else this.timer ??= setTimeout(() => void this.flush(), WRITTEN_AFTER_MS).unref();
  }

  trouble(_agent: Agent, what: string): void {
    if (this.troubles.length < 20 && !this.troubles.includes(what)) this.troubles.push(what);
    process.stderr.write(`self-healing guard: ${what}\n`);
  }

  /** Writes everything told so far; puts what went wrong among the warnings of the fix. */
  async settle(fix: OpenFix | undefined): Promise<void> {
    await this.flush();
    if (!fix) return;
    for (const what of this.troubles.splice(0)) fix.warnings.push(`guards: not everything was recorded (${what})`);
  }

  async close(): Promise<void> {
    await this.flush();
    for (const watch of this.watches.values()) await watch.close();
  }

  /** One transaction for all turns of an agent: its state is written once. Never throws. */
  private flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const { agent, turns } of byAgent(this.unwritten.splice(0)))
      this.writing = this.writing
        .then(() => this.write(agent, turns))
        .catch((error: unknown) => this.trouble(agent, `calls were not kept: ${messageOf(error)}`))
        .then(() => this.options.written?.(agent));
    return this.writing;
  }

  private async write(agent: Agent, turns: readonly Kept[]): Promise<void> {
    const key = agentKey(agent);
    const fix = (await this.options.fixOf(agent)) ?? this.last.get(key);
    const told = turns.flatMap(({ at, turn }) => turn.calls.map((call) => ({ ...call, at })));
    const calls = [...(this.waiting.get(key) ?? []), ...told];
    const watch = turns.at(-1)?.turn.watch;
    if (fix?.run === undefined) {
      this.waiting.set(key, calls.slice(-MAX_WAITING));
      return;
    }
    this.waiting.delete(key);
    this.last.set(key, fix);
    const { db, now } = await this.options.open();
    const { run } = fix;
    db.tx(() => {
      for (const { call, deniedBy, at } of calls)
        appendStep(db, recordedStep({ run, at, call, deniedBy, observed: 'hooks' }));
      if (watch) this.writeState(db, fix, run, agent, watch, now);
    });
  }

  private writeState(
    db: Workbench['db'],
    { incident, round }: OpenFix,
    run: string,
    agent: Agent,
    watch: AgentWatch,
    now: () => Date,
  ): void {
    const key = stateKey(run, agent);
    const state = watch.state();
    saveLoopState(db, { key, incident, state });
    const points = watch.points();
    const newest = JSON.stringify(points.at(-1) ?? null);
    if (newest !== this.points.get(key)) {
      const known = new Set(loopPointsOf(db, incident).map((point) => JSON.stringify(point)));
      addLoopPoints(
        db,
        { incident, round, run },
        points.filter((point) => !known.has(JSON.stringify(point))),
      );
      this.points.set(key, newest);
    }
    if (state.stopped)
      markStopped(db, {
        run,
        rule: stopRule(state.stopped),
        evidence: state.stopped.evidence,
        at: now().toISOString(),
      });
  }
}

/** What lies in the database may be another version's, or somebody else's doing; then the watch begins anew. */
const stateSchema = z.object({
  loop: z.custom<WatchState['loop']>(isLoopState),
  stopped: z.object({ mode: z.enum(['loop', 'drift']), evidence: z.string() }).nullable(),
  denials: z.number(),
  outside: z.array(z.custom<Rule>((value) => typeof value === 'string' && value in RULES)),
});

function readState(value: unknown): WatchState | undefined {
  return stateSchema.safeParse(value).data;
}

function byAgent(kept: readonly (Kept & { agent: Agent })[]): { agent: Agent; turns: Kept[] }[] {
  const agents = new Map<string, { agent: Agent; turns: Kept[] }>();
  for (const { agent, ...turn } of kept) {
    const known = agents.get(agentKey(agent)) ?? { agent, turns: [] };
    known.turns.push(turn);
    agents.set(agentKey(agent), known);
  }
  return [...agents.values()];
}

/** After the API did not answer, the same attempt goes on in a run of its own: that has the state of the one before. */
function goesOnFrom(bench: Workbench, { incident, round }: OpenFix, run: string): string {
  const runs = runsOf(bench.db, incident, round);
  const row = runs.find(({ id }) => id === run);
  if (!row || loopStateOf(bench.db, `${run}/`) !== undefined) return run;
  const before = runs.findLast(
    ({ id, session_id, attempt, phase }) =>
      id !== run && session_id === row.session_id && attempt === row.attempt && phase === row.phase,
  );
  return before?.id ?? run;
}

function stateKey(run: string, { agentId }: Agent): string {
  return `${run}/${agentId}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
