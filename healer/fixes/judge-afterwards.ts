/**
 * What no hook has seen is judged afterwards, by the client's own transcript of each agent that worked on the fix: a
 * server that died takes its hooks with it for the rest of the session. Until that is done the verdict is `refuse`.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JudgedFinding } from '../../gate/judged-finding.ts';
import { judgePastCall } from '../../hooks/guard/judge-call.ts';
import { readClaudeLines } from '../../hooks/trace/claude-lines.ts';
import type { ToolCall } from '../../hooks/trace/happening.ts';
import { bindingsOf } from '../../store/bindings.ts';
import { runsOf } from '../../store/runs.ts';
import type { Workbench } from '../workbench.ts';
import { fixScope } from './fix-scope.ts';
import type { OpenFix } from './open-fix.ts';
import { transcriptOf } from './transcripts.ts';
import { violationLine } from './violation-line.ts';

export interface Observed {
  /** True when a hook told this process of the call with this id, and it was let through. */
  saw(toolUseId: string): boolean;
  /** The call that asks for a verdict; undefined when the client does not name it. */
  now: string | undefined;
  /** True when every agent of this fix was bound in this process: its hooks were there from the start. */
  fromTheStart: boolean;
}

/** The client writes its transcript a moment after it acts. */
const WRITTEN_AFTER_MS = 3000;
const LOOK_EVERY_MS = 50;
/** Named in a finding; the rest is counted. */
const NAMED = 5;

/** Empty when hooks saw every call, and where no hook was ever seen (the report says so in its first line). */
export async function judgeAfterwards(bench: Workbench, fix: OpenFix, observed: Observed): Promise<JudgedFinding[]> {
  const agents = agentsOf(bench, fix);
  if (agents.length === 0) return [];
  const guarded = observed.fromTheStart && observed.now !== undefined && observed.saw(observed.now);
  const calls: ToolCall[] = [];
  for (const agent of agents) {
    const read = await callsOf(bench, agent, agent === agents[0] && !guarded ? observed.now : undefined);
    if (!('why' in read)) calls.push(...read.calls);
    else if (!guarded) return [unreadable(read.why)];
  }
  const unseen = calls.filter(({ id, outcome }) => outcome !== 'refused' && !observed.saw(id));
  if (guarded && unseen.length === 0) return [];
  const scope = await fixScope(bench, fix);
  const violations = unseen.flatMap((call) => {
    const { tool, input, cwd } = call;
    const denial = judgePastCall({ tool, input, cwd: cwd ?? scope.worktree }, 'fixer', { ...scope, closed: undefined });
    return denial ? [violationLine(call, denial.rule)] : [];
  });
  if (violations.length > 0) return [violated(violations)];
  return [
    {
      severity: 'warn',
      code: 'guardrails.judged_afterwards',
      message: `guards: judged afterwards (${unseen.length} ${unseen.length === 1 ? 'call' : 'calls'}): the hooks of this session did not answer all the time, and the client's transcript shows nothing they would have denied.`,
      next: 'Nothing is to be done; start a new session before the next fix.',
    },
  ];
}

interface Agent {
  sessionId: string;
  agentId: string;
}

/** Who was bound to the fix in this round; the latest first. */
function agentsOf(bench: Workbench, { incident, round }: OpenFix): Agent[] {
  const since = runsOf(bench.db, incident, round)[0]?.started_at ?? '';
  return bindingsOf(bench.db, incident)
    .filter(({ at }) => at >= since)
    .map(({ session_id, agent_id }) => ({ sessionId: session_id, agentId: agent_id }));
}

/** `upTo`: the call that the transcript has to hold before it is complete. */
async function callsOf(
  bench: Workbench,
  agent: Agent,
  upTo: string | undefined,
): Promise<{ calls: ToolCall[] } | { why: string }> {
  const file = transcriptOf(bench, agent);
  if (file === undefined) return { why: 'no hook said where the transcript is' };
  const giveUp = performance.now() + WRITTEN_AFTER_MS;
  for (;;) {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error);
    const late = performance.now() >= giveUp;
    if (typeof text !== 'string') {
      if (late || upTo === undefined) return { why: `${file} cannot be read (${text.code ?? text.message})` };
    } else if (upTo === undefined || text.includes(upTo)) {
      const { placed, problems } = readClaudeLines(text);
      const [problem] = problems;
      // Whoever takes a call out of it leaves the result, which the client writes afterwards. The last line may be half written.
      if (problem !== undefined && upTo !== undefined) {
        if (late) return { why: `${file} is not as the client writes it (line ${problem.line}: ${problem.message})` };
        await sleep(LOOK_EVERY_MS);
        continue;
      }
      return { calls: placed.flatMap(({ happening }) => (happening.kind === 'call' ? [happening] : [])) };
    } else if (late) return { why: `${file} does not hold the call that asks for this verdict` };
    await sleep(LOOK_EVERY_MS);
  }
}

function violated(violations: readonly string[]): JudgedFinding {
  const named = violations.slice(0, NAMED);
  const more = violations.length > NAMED ? `, and ${violations.length - NAMED} more` : '';
  return {
    severity: 'refuse',
    code: 'guardrails.unguarded_call',
    message: `While no hook answered, the agent did what it may not do: ${named.join('; ')}${more}.`,
    next: 'Escalate; a person has to look at what these calls left behind.',
  };
}

function unreadable(why: string): JudgedFinding {
  return {
    severity: 'refuse',
    code: 'guardrails.not_judged',
    message: `The hooks of this session stopped answering, and what the agent did meanwhile cannot be judged: ${why}.`,
    next: 'Escalate. A person can start a new session and heal the incident again; the worktree is kept.',
  };
}
