/** What the loop detector says. */
import type { LoopRule } from '../rules.ts';

export interface Flag {
  rule: LoopRule;
  /** 1: advice to the agent; 2: every further call but `escalate` is denied. */
  strike: 1 | 2;
  /** What was seen, with numbers: "the same call with the same result, 3 times in a row". One line. */
  evidence: string;
  /** For the agent: what was repeated, what was already tried, what to do instead. Below 600 characters. */
  advice: string;
}
