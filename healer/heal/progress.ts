/** What a person who watches `heal` is told, as it happens: one event for each thing that they care about. */
import type { CheckName, CheckStatus, Counts, TreeRole, Verdict } from '../../gate/verification.ts';

export type HealAgent = 'diagnostician' | 'self-healing';

export type HealProgress =
  /** One thing that `heal` itself did or found, in words. */
  | { kind: 'step'; text: string }
  /** What a person should know before it goes on, a line each. */
  | { kind: 'note'; lines: string[] }
  /** The agent's own words, one line. */
  | { kind: 'say'; agent: HealAgent; text: string }
  /** A tool call as it starts; `detail` is one line: the command, the file, the incident. */
  | { kind: 'tool'; agent: HealAgent; tool: string; detail: string }
  /** A tool call that failed or was denied, with the first line of why. */
  | { kind: 'tool_failed'; agent: HealAgent; tool: string; why: string; deniedBy: string | null }
  /** What the gate is busy with at the moment. */
  | { kind: 'gate'; text: string }
  /** One of the six checks of a verdict. `by: agent` is the advice the agent got, `by: parent` is what counts. */
  | {
      kind: 'check';
      by: 'agent' | 'parent';
      check: CheckName;
      status: CheckStatus;
      /** What was found, a line each, and below it what lifts it. */
      findings: string[];
      runs: { at: TreeRole; command: string; exit: number | null; counts: Counts | null; seconds: number }[];
    }
  | { kind: 'verdict'; by: 'agent' | 'parent'; verdict: Verdict; tree: string; iteration: number }
  /** A wait before the next try. */
  | { kind: 'wait'; text: string; ms: number };

export type OnProgress = (event: HealProgress) => void;
