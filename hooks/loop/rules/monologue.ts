/**
 * loop.monologue: text after text, without a call and without news from outside. A prompt that says the same as the one
 * before it is no news, and neither is the feedback of a hook that sends the agent back to work.
 */
import { digest } from '../../trace/digest.ts';
import type { LoopJudge } from '../rule.ts';
import { type Units, unitSimilarity, unitsOf } from '../similarity.ts';

export interface MonologueState {
  texts: number;
  alike: number;
  last: Units;
  /** Digest of the last prompt. */
  prompt: string;
}

/** Texts in a row: of any kind, and nearly the same ones (docs/loops.md). */
const MOST_TEXTS = 5;
const MOST_ALIKE = 3;

/** Sees texts; a call or a prompt makes it forget. */
export const monologue: LoopJudge<MonologueState, string> = {
  fresh: () => ({ texts: 0, alike: 0, last: '', prompt: '' }),

  see(own, text, settings) {
    const units = unitsOf(text);
    own.alike = own.texts > 0 && unitSimilarity(own.last, units) > settings.similarity_threshold ? own.alike + 1 : 1;
    own.texts++;
    own.last = units;
    const same = own.alike >= MOST_ALIKE;
    if (!same && own.texts < MOST_TEXTS) return undefined;
    const evidence = same
      ? `${own.alike} texts in a row that say nearly the same, no call`
      : `${own.texts} texts in a row, no call`;
    restart(own);
    return {
      evidence,
      advice: `You have written ${evidence}. Text alone moves nothing here. Take the next concrete step now: one call that reads, changes or checks something. When the work is done, hand it in (verify_fix, then propose_pr in a healing run); when it cannot be done, hand over (escalate in a healing run) and say what is missing.`,
    };
  },

  forget(own, why) {
    if (why !== 'compaction') restart(own);
  },
};

/** The prompt is news: takes it in. */
export function isNews(own: MonologueState, prompt: string): boolean {
  const said = digest(prompt.trim());
  const same = own.prompt === said;
  own.prompt = said;
  return !same && !isFeedback(prompt);
}

/** The client's words for what a Stop hook answered. */
export function isFeedback(prompt: string): boolean {
  return prompt.startsWith('Stop hook feedback:');
}

function restart(own: MonologueState): void {
  own.texts = 0;
  own.alike = 0;
  own.last = '';
}
