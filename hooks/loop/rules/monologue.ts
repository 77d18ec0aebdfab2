/** loop.monologue: text after text, without a call and without a word from outside. */
import type { LoopJudge } from '../rule.ts';
import { type Units, unitSimilarity, unitsOf } from '../similarity.ts';

export interface MonologueState {
  texts: number;
  alike: number;
  last: Units;
}

const MOST_TEXTS = 5;
const MOST_ALIKE = 3;

/** Sees texts; a call or a prompt makes it forget. */
export const monologue: LoopJudge<MonologueState, string> = {
  fresh: () => ({ texts: 0, alike: 0, last: '' }),

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
    Object.assign(own, monologue.fresh());
    return {
      evidence,
      advice: `You have written ${evidence}. Text alone moves nothing here. Take the next concrete step now: one call that reads, changes or checks something. When the work is done, hand it in with verify_fix and propose_pr; when it cannot be done, call escalate and say what is missing.`,
    };
  },

  forget(own) {
    Object.assign(own, monologue.fresh());
  },
};
