/**
 * Everything that a healing run's agents do, each agent apart: its calls become happenings, its loops are noticed, and
 * what was seen is handed on to be kept. A failure in here never breaks a call; it is told to whoever keeps the record.
 */
import type { Rule } from '../rules.ts';
import { readCheckReport } from '../trace/check-report.ts';
import type { Happening, ToolCall } from '../trace/happening.ts';
import { CallRecorder } from '../trace/recorder.ts';
import type { TreeWatch } from '../trace/tree-watch.ts';
import type { Stop } from './agent-stop.ts';
import { AgentWatch, type WatchStart } from './agent-watch.ts';
import { type Agent, agentKey, agentOf, type GuardInput } from './input.ts';
import { eventsOf } from './turn-events.ts';

/** What a watched agent did in one turn. */
export interface SeenTurn {
  calls: { call: ToolCall; deniedBy: Rule | null }[];
  watch: AgentWatch;
}

/** Where a watch begins, and where it is kept. */
export interface WatchMemory {
  /** How the watch over this agent begins. Never throws. */
  start(agent: Agent): Promise<WatchStart>;
  /** The worktree this agent works in. */
  trees(agent: Agent): Promise<Pick<TreeWatch, 'touch' | 'current'> | undefined>;
  /** Keeps a turn; returns at once and never throws. */
  keep(agent: Agent, turn: SeenTurn): void;
  /** Something that was not seen or not understood; shown in the report. Never throws. */
  trouble(agent: Agent, what: string): void;
}

interface Watched {
  watch: AgentWatch;
  /** Asked for, and answered; read while the call runs, or with what comes next. */
  asked: GuardInput[];
  /** Complete, and not yet told: their turn has not come back. */
  pending: Happening[];
  deniedBy: Map<string, Rule>;
  prompt: string;
}

/** A check is worth waiting for its tree, but a session is not held up for it. */
const TREE_WAIT_MS = 2000;
/** More calls than this in one turn are not remembered by name. */
const MAX_DENIED = 1000;

export class HealingWatch {
  private readonly memory: WatchMemory;
  private readonly recorder = new CallRecorder();
  private readonly agents = new Map<string, Promise<Watched>>();

  constructor(memory: WatchMemory) {
    this.memory = memory;
  }

  /** A call is about to be made. The client waits for the guard's answer, so what the record takes is done after it. */
  async before(input: GuardInput): Promise<AgentWatch> {
    const watched = await this.watched(agentOf(input));
    watched.asked.push(input);
    setImmediate(() => this.readAsked(watched));
    return watched.watch;
  }

  /** The guard denied the call that was seen last with this id. */
  async denied(input: GuardInput, rule: Rule): Promise<void> {
    const { deniedBy } = await this.watched(agentOf(input));
    if (deniedBy.size < MAX_DENIED) deniedBy.set(input.tool_use_id, rule);
  }

  /** A call has come back, and its turn has not. */
  async after(input: GuardInput): Promise<void> {
    this.record(input, await this.watched(agentOf(input)));
  }

  /** A turn has come back: what the agent is told, and whether it is to be ended. */
  async turn(input: GuardInput): Promise<{ told: string[]; end: Stop | undefined }> {
    const agent = agentOf(input);
    const watched = await this.watched(agent);
    this.record(input, watched);
    const { watch, deniedBy } = watched;
    const happenings = watched.pending.splice(0);
    await this.putTrees(agent, happenings);
    const told = this.judge(agent, watched, happenings);
    deniedBy.clear();
    return { told, end: watch.over && watch.stopped ? watch.stopped : undefined };
  }

  /** The agent would end with these words, and is sent back: what it is told besides. */
  async said(input: GuardInput): Promise<string[]> {
    const agent = agentOf(input);
    const watched = await this.watched(agent);
    this.readAsked(watched);
    this.notePrompt(input, watched);
    const text: Happening = { kind: 'text', agent: input.agent_id, text: input.last_assistant_message };
    return this.judge(agent, watched, [...watched.pending.splice(0), text]);
  }

  /** A conversation of the session is shortened. The client does not say whose: any agent may have forgotten what it read. */
  async shortened(sessionId: string): Promise<void> {
    for (const [key, agent] of this.agents)
      if (key.startsWith(agentKey({ sessionId, agentId: '' })))
        (await agent).pending.push({ kind: 'compaction', agent: '' });
  }

  /** The agent begins anew (another incident), or has gone. What it did last is kept. */
  async forget(agent: Agent): Promise<void> {
    const watched = await this.agents.get(agentKey(agent));
    this.agents.delete(agentKey(agent));
    if (!watched || watched.pending.length === 0) return;
    const calls = watched.pending.filter((happening) => happening.kind === 'call');
    this.memory.keep(agent, {
      calls: calls.map((call) => ({ call, deniedBy: watched.deniedBy.get(call.id) ?? null })),
      watch: watched.watch,
    });
  }

  private watched(agent: Agent): Promise<Watched> {
    const key = agentKey(agent);
    let watched = this.agents.get(key);
    if (watched === undefined) {
      const begun = (watch: AgentWatch): Watched => ({
        watch,
        asked: [],
        pending: [],
        deniedBy: new Map(),
        prompt: '',
      });
      watched = this.memory.start(agent).then((start) => {
        try {
          return begun(new AgentWatch(start));
        } catch (error) {
          this.memory.trouble(agent, `its earlier state cannot be used: ${messageOf(error)}`);
          return begun(new AgentWatch({ settings: start.settings }));
        }
      });
      this.agents.set(key, watched);
    }
    return watched;
  }

  /** What happened since the last turn came back is judged, and kept. */
  private judge(agent: Agent, { watch, deniedBy }: Watched, happenings: readonly Happening[]): string[] {
    let told: string[] = [];
    try {
      told = watch.sawTurn(happenings, deniedBy);
    } catch (error) {
      this.memory.trouble(agent, `a turn could not be judged for loops: ${messageOf(error)}`);
    }
    const calls = happenings.filter((happening) => happening.kind === 'call');
    this.memory.keep(agent, {
      calls: calls.map((call) => ({ call, deniedBy: deniedBy.get(call.id) ?? null })),
      watch,
    });
    return told;
  }

  private readAsked(watched: Watched): void {
    for (const input of watched.asked.splice(0)) this.record(input, watched);
  }

  private notePrompt({ prompt_id, agent_id }: GuardInput, watched: Watched): void {
    if (watched.prompt !== prompt_id && watched.prompt !== '')
      watched.pending.push({ kind: 'prompt', agent: agent_id, text: '' });
    watched.prompt = prompt_id;
  }

  private record(input: GuardInput, watched: Watched): void {
    this.readAsked(watched);
    try {
      this.notePrompt(input, watched);
      for (const event of eventsOf(input, (id) => watched.deniedBy.has(id)))
        watched.pending.push(...this.recorder.see(event));
    } catch (error) {
      this.memory.trouble(agentOf(input), `${input.event} of ${input.tool_name || 'a turn'}: ${messageOf(error)}`);
    }
  }

  /** Only where a check has reported: a look at the worktree after every call that may change it would slow them down. */
  private async putTrees(agent: Agent, happenings: readonly Happening[]): Promise<void> {
    try {
      const reporting = happenings.filter(
        (happening) => happening.kind === 'call' && readCheckReport(happening) !== null,
      );
      const trees = reporting.length > 0 ? await this.memory.trees(agent) : undefined;
      if (trees === undefined) return;
      trees.touch();
      const tree = await trees.current(TREE_WAIT_MS);
      for (const happening of reporting) if (happening.kind === 'call') happening.tree = tree;
    } catch (error) {
      this.memory.trouble(agent, `the worktree could not be read: ${messageOf(error)}`);
    }
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
