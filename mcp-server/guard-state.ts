/** What the server knows for the guard: which agent works on which fix, what that fix may touch, and how it ends. */
import { defaultConfig } from '../context/schemas/config.ts';
import { ConfigurationError, describeError } from '../events/errors.ts';
import type { JudgedFinding } from '../gate/judged-finding.ts';
import { fixScope } from '../healer/fixes/fix-scope.ts';
import { judgeAfterwards } from '../healer/fixes/judge-afterwards.ts';
import type { OpenFix } from '../healer/fixes/open-fix.ts';
import { agentGone, agentStopped, decideInSession } from '../healer/fixes/session-end.ts';
import { keepTranscript } from '../healer/fixes/transcripts.ts';
import { workingConfig } from '../healer/incidents/working-config.ts';
import type { Workbench } from '../healer/workbench.ts';
import type { Stop } from '../hooks/guard/agent-stop.ts';
import { HealingWatch } from '../hooks/guard/healing-watch.ts';
import { type Agent, agentKey } from '../hooks/guard/input.ts';
import { OrdinaryWatch } from '../hooks/guard/ordinary-watch.ts';
import type { GuardState } from '../hooks/guard.ts';
import type { Role } from '../hooks/role.ts';
import type { FixScope } from '../hooks/scope.ts';
import { bindAgent, bindingOf } from '../store/bindings.ts';
import type { Binding } from './binding.ts';
import type { HeadlessFix } from './headless-fix.ts';
import type { PersonVoice } from './person-voice.ts';
import { RunMemory } from './run-memory.ts';
import { SendBacks } from './send-backs.ts';

/** Calls announced by a hook and not yet made; more than this many at once are none of ours. */
const MAX_ANNOUNCED = 100;

export class ServerGuardState implements GuardState {
  private readonly memory: RunMemory;
  readonly healing: HealingWatch;
  readonly ordinary = new OrdinaryWatch(defaultConfig().detection);
  private readonly binding: Binding;
  private readonly open: () => Promise<Workbench>;
  private readonly headlessFix: HeadlessFix;
  private readonly voice: PersonVoice;
  private readonly announced = new Map<string, Agent & { transcript: string }>();
  private readonly incidentOf = new Map<string, string>();
  /** The last scope of an agent: it holds while nothing in the database changed, and says what was last open when it is closed. */
  private readonly scopes = new Map<string, { scope: FixScope; fix: OpenFix; mark: string }>();
  /** Every call of a healing run that a hook announced here and that was let through. */
  private readonly seen = new Set<string>();
  /** Incidents whose agents were all bound here, with a hook's word. */
  private readonly boundHere = new Set<string>();
  private readonly sendBacks: SendBacks;
  private advice: Promise<boolean> | undefined;

  constructor(binding: Binding, open: () => Promise<Workbench>, headlessFix: HeadlessFix, voice: PersonVoice) {
    this.binding = binding;
    this.open = open;
    this.headlessFix = headlessFix;
    this.voice = voice;
    this.sendBacks = new SendBacks(open, binding.headless);
    this.memory = new RunMemory({
      open,
      fixOf: (agent) => this.fixOf(agent),
      // Written while the model thinks: the next call then finds its scope ready.
      written: (agent) => this.scopeOf(agent).then(noteNothing, noteNothing),
    });
    this.healing = new HealingWatch(this.memory);
  }

  get headless(): boolean {
    return this.binding.headless !== undefined;
  }

  announce(call: Agent & { toolUseId: string; tool: string; transcript: string }): void {
    this.seen.add(call.toolUseId);
    if (!call.tool.endsWith('__start_fix')) return;
    if (this.announced.size >= MAX_ANNOUNCED) this.announced.clear();
    const { sessionId, agentId, transcript } = call;
    this.announced.set(call.toolUseId, { sessionId, agentId, transcript });
  }

  /** Joins a `start_fix` call to the agent whose hook announced it. False when no hook did: the guards are silent. */
  async joinStart(toolUseId: string, incident: string): Promise<boolean> {
    const agent = this.announced.get(toolUseId);
    if (!agent) {
      this.boundHere.delete(incident);
      return false;
    }
    this.announced.delete(toolUseId);
    const bench = await this.open();
    const key = agentKey(agent);
    if (this.incidentOf.get(key) !== incident) await this.healing.forget(agent);
    this.incidentOf.set(key, incident);
    this.boundHere.add(incident);
    bindAgent(bench.db, {
      session_id: agent.sessionId,
      agent_id: agent.agentId,
      incident,
      tool_use_id: toolUseId,
      at: bench.now().toISOString(),
    });
    if (agent.transcript !== '') keepTranscript(bench, agent, agent.transcript);
    return true;
  }

  async scopeOf(agent: Agent): Promise<FixScope | undefined> {
    const fix = await this.fixOf(agent);
    const key = agentKey(agent);
    const known = this.scopes.get(key);
    if (fix) {
      const bench = await this.open();
      // Before the look: what changes meanwhile makes the next call look again.
      const mark = bench.db.changeMark();
      if (known?.fix === fix && known.mark === mark) return known.scope;
      const scope = await fixScope(bench, fix);
      this.scopes.set(key, { scope, fix, mark });
      return scope;
    }
    // It was handed over, dismissed or cancelled: nothing is open, and nothing is to be opened again by a write.
    const last = known?.scope;
    const incident = this.binding.headless ?? this.incidentOf.get(key);
    if (!last || last.incident !== incident) return undefined;
    const record = await (await this.open()).incidents.get(last.incident);
    return { ...last, closed: `${last.incident} is ${record?.status ?? 'not known any more'}` };
  }

  /** Nothing in a headless run: its parent judges that, by its own stream. */
  async judgeUnseen(incident: string, now: string | undefined): Promise<JudgedFinding[]> {
    const bench = await this.open();
    const fix = bench.fixes.get(incident);
    if (!fix || this.headless) return [];
    await this.memory.settle(fix);
    const fromTheStart = this.boundHere.has(incident);
    return judgeAfterwards(bench, fix, { saw: (id) => this.seen.has(id), now, fromTheStart });
  }

  async close(): Promise<void> {
    await this.memory.close();
  }

  async sendsBack(agent: Agent & { role: Role }): Promise<boolean> {
    // Who began nothing is bound to nothing, and looking would open a database.
    if (!this.headless && this.binding.lastBound === undefined) return false;
    return this.sendBacks.expected(agent);
  }

  async agentFinished(agent: Agent & { role: Role }): Promise<void> {
    const key = agentKey(agent);
    const incident = this.incidentOf.get(key);
    this.incidentOf.delete(key);
    this.scopes.delete(key);
    if (incident && agent.role === 'fixer') await agentGone(await this.open(), incident);
  }

  async end(agent: Agent, stop: Stop): Promise<void> {
    await this.memory.settle(await this.fixOf(agent).catch(() => undefined));
    // Headless, the parent reads the mark and names the failure.
    if (this.headless) return;
    const incident = this.incidentOf.get(agentKey(agent));
    if (incident) await agentStopped(await this.open(), incident, stop);
  }

  /** Read once in the life of the server, which is that of the session. */
  wantsAdvice(): Promise<boolean> {
    this.advice ??= this.open()
      .then(({ repository }) => workingConfig(repository))
      .then(
        ({ detection }) => detection.advice_in_other_sessions,
        // Without a repository the default holds; settings that cannot be read may say no.
        (error: unknown) => !(error instanceof ConfigurationError),
      );
    return this.advice;
  }

  async decide(decision: 'approve' | 'skip', incident: string): Promise<string> {
    const doubt = await this.voice.doubt();
    if (doubt !== undefined)
      return `not_allowed: ${doubt}. Run \`self-healing ${decision} ${incident}\` in a terminal of your own.`;
    try {
      return await decideInSession(await this.open(), decision, incident);
    } catch (error) {
      const { message, next } = describeError(error);
      return `Not carried out: ${message} ${next}`.trim();
    }
  }

  /** The open fix this agent is bound to, also when an earlier server of the session bound it. */
  private async fixOf(agent: Agent): Promise<OpenFix | undefined> {
    const { headless } = this.binding;
    const key = agentKey(agent);
    let incident = headless ?? this.incidentOf.get(key);
    if (incident === undefined && this.binding.lastBound !== undefined) {
      const bench = await this.open();
      const kept = bindingOf(bench.db, agent.sessionId, agent.agentId);
      if (kept?.incident === this.binding.lastBound) incident = kept.incident;
      if (incident !== undefined) this.incidentOf.set(key, incident);
    }
    if (incident === undefined) return undefined;
    const bench = await this.open();
    await this.headlessFix.ensure(bench);
    return bench.fixes.get(incident);
  }
}

function noteNothing(): void {}
