/** What the server knows for the guard: which agent works on which fix, what that fix may touch, and how it ends. */
import { matches } from '../context/path-rules.ts';
import { describeError } from '../events/errors.ts';
import { forbiddenPaths } from '../gate/forbidden-paths.ts';
import { effectiveConfig } from '../healer/fixes/effective-config.ts';
import { agentGone, decideInSession } from '../healer/fixes/session-end.ts';
import type { Workbench } from '../healer/workbench.ts';
import type { GuardState } from '../hooks/guard.ts';
import type { Role } from '../hooks/role.ts';
import type { FixScope } from '../hooks/scope.ts';
import { bindAgent } from '../store/bindings.ts';
import { diagnosisOf } from '../store/diagnoses.ts';
import type { Binding } from './binding.ts';
import type { HeadlessFix } from './headless-fix.ts';
import type { PersonVoice } from './person-voice.ts';

interface Agent {
  sessionId: string;
  agentId: string;
}

/** Calls announced by a hook and not yet made; more than this many at once are none of ours. */
const MAX_ANNOUNCED = 100;

export class ServerGuardState implements GuardState {
  private readonly binding: Binding;
  private readonly open: () => Promise<Workbench>;
  private readonly headlessFix: HeadlessFix;
  private readonly voice: PersonVoice;
  private readonly announced = new Map<string, Agent>();
  private readonly incidentOf = new Map<string, string>();

  constructor(binding: Binding, open: () => Promise<Workbench>, headlessFix: HeadlessFix, voice: PersonVoice) {
    this.binding = binding;
    this.open = open;
    this.headlessFix = headlessFix;
    this.voice = voice;
  }

  get headless(): boolean {
    return this.binding.headless !== undefined;
  }

  announceStart(call: { toolUseId: string } & Agent): void {
    if (this.announced.size >= MAX_ANNOUNCED) this.announced.clear();
    this.announced.set(call.toolUseId, { sessionId: call.sessionId, agentId: call.agentId });
  }

  /** Joins a `start_fix` call to the agent whose hook announced it. False when no hook did: the guards are silent. */
  async joinStart(toolUseId: string, incident: string): Promise<boolean> {
    const agent = this.announced.get(toolUseId);
    if (!agent) return false;
    this.announced.delete(toolUseId);
    this.incidentOf.set(key(agent), incident);
    const bench = await this.open();
    bindAgent(bench.db, {
      session_id: agent.sessionId,
      agent_id: agent.agentId,
      incident,
      tool_use_id: toolUseId,
      at: bench.now().toISOString(),
    });
    return true;
  }

  async scopeOf(agent: Agent): Promise<FixScope | undefined> {
    const incident = this.binding.headless ?? this.incidentOf.get(key(agent));
    if (!incident) return undefined;
    const bench = await this.open();
    await this.headlessFix.ensure(bench);
    const fix = bench.fixes.get(incident);
    if (!fix) return undefined;
    const { guardrails, tests } = effectiveConfig(bench, fix);
    const forbids = forbiddenPaths(guardrails.forbidden_paths);
    return {
      incident,
      worktree: fix.worktree,
      protectedFolders: [bench.repository.root, bench.repository.home],
      affectedFiles: diagnosisOf(bench.db, incident, fix.round)?.affected_files ?? null,
      forbiddenBy: (path) => forbids(path)?.pattern,
      isTest: (path) => matches(tests.paths, path),
    };
  }

  async agentFinished(agent: Agent & { role: Role }): Promise<void> {
    const incident = this.incidentOf.get(key(agent));
    this.incidentOf.delete(key(agent));
    if (incident && agent.role === 'fixer') await agentGone(await this.open(), incident);
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
}

function key(agent: Agent): string {
  return `${agent.sessionId}/${agent.agentId}`;
}
