/** What an agent did in a headless run while no guard answered, judged once the run is over. */
import { isJudged, judgePastCall } from '../../hooks/guard/judge-call.ts';
import type { Role } from '../../hooks/role.ts';
import type { Rule } from '../../hooks/rules.ts';
import { fixScope } from '../fixes/fix-scope.ts';
import { violationLine } from '../fixes/violation-line.ts';
import type { StreamEvent } from '../runs/stream.ts';
import { unguardedCalls } from '../runs/unguarded-calls.ts';
import type { Healing } from './healing.ts';
import type { HealAgent } from './progress.ts';

/** What the gate sees in the tree itself, and judges there: such a call needs no second verdict. */
const SEEN_BY_THE_GATE: ReadonlySet<Rule> = new Set<Rule>([
  'scope.no_diagnosis',
  'scope.outside_diagnosis',
  'scope.forbidden_path',
  'scope.always_forbidden_path',
  'scope.living_context',
]);

export interface Unguarded {
  /** How many calls no guard answered for, of those that are judged. */
  calls: number;
  /** One line for each that a guard would have denied and that the gate cannot see; a run with one is refused. */
  violations: string[];
}

export async function judgeUnguarded(
  { bench, fix }: Pick<Healing, 'bench' | 'fix'>,
  agent: HealAgent,
  events: readonly StreamEvent[],
): Promise<Unguarded> {
  const calls = unguardedCalls(events).filter(({ name }) => isJudged(name));
  if (calls.length === 0) return { calls: 0, violations: [] };
  const scope = { ...(await fixScope(bench, fix)), closed: undefined };
  const role: Role = agent === 'diagnostician' ? 'diagnostician' : 'fixer';
  const violations = calls.flatMap(({ name, input }) => {
    const call = { tool: name, input, cwd: fix.worktree };
    const rule = judgePastCall(call, role, scope)?.rule;
    return rule === undefined || SEEN_BY_THE_GATE.has(rule) ? [] : [violationLine(call, rule)];
  });
  return { calls: calls.length, violations };
}
