/**
 * loop.similar, of questions: the same asked in other words, again and again, and the answer is the same. A search that
 * finds nothing is ordinary; a list of things that are looked up one by one brings a new word each time.
 */
import type { Question } from '../question.ts';
import type { LoopJudge } from '../rule.ts';

interface Asked {
  key: string;
  words: string[];
}

interface Asking {
  kind: string;
  answer: string;
  /** The last questions in a row with this answer. */
  asked: Asked[];
}

export interface AskingState {
  kinds: Asking[];
}

/** A sentence, not the name of one thing. */
const MANY_WORDS = 4;
const MAX_KINDS = 5;
/** How many questions with the same answer are too many. */
const PATIENCE: Record<Question['told'], number> = { nothing: 6, failure: 4, something: 4 };

export const asking: LoopJudge<AskingState> = {
  fresh: () => ({ kinds: [] }),

  see(own, { call, moved, changes }) {
    const { question } = call;
    if (question === null) {
      // What was done may have changed the answers.
      if (changes.length > 0 || moved !== 'no' || call.acts) own.kinds = [];
      return undefined;
    }
    const { kind, words, answer, told } = question;
    const before = own.kinds.find((one) => one.kind === kind && one.answer === answer)?.asked ?? [];
    if (before.some(({ key }) => key === call.key)) return undefined;
    const asked = [...before, { key: call.key, words }].slice(-PATIENCE[told]);
    own.kinds = [...own.kinds.filter((one) => one.kind !== kind), { kind, answer, asked }].slice(-MAX_KINDS);
    if (asked.length < PATIENCE[told] || !isReworded(asked)) return undefined;
    own.kinds = [];
    const what = { nothing: 'nothing', failure: 'the same failure', something: 'the same' }[told];
    return {
      evidence: `the last ${asked.length} questions were the same in other words, the answer was ${what} each time`,
      advice: `You asked the same in ${asked.length} ways, last with ${call.name}, and the answer was ${what} each time. More words for it will not change the answer: take it as it is. If nothing was found, it is not there under any name; look from the other side, at what does exist. If it failed, find out why before you ask again. If the work cannot go on without it, hand over (escalate in a healing run) and say what is missing.`,
    };
  },

  forget(own, why) {
    if (why !== 'compaction') own.kinds = [];
  },
};

/** They have words in common, and either most of their words, or no word is new in a third of them. */
function isReworded(asked: readonly Asked[]): boolean {
  const [first, ...others] = asked;
  if (!first?.words.some((word) => others.every(({ words }) => words.includes(word)))) return false;
  const known = new Set(first.words);
  let overlapping = 0;
  let nothingNew = 0;
  for (const { words } of others) {
    const shared = words.filter((word) => known.has(word)).length;
    if (shared === words.length) nothingNew++;
    if (words.length >= MANY_WORDS && shared >= words.length / 2) overlapping++;
    for (const word of words) known.add(word);
  }
  return overlapping === others.length || nothingNew * 3 >= others.length;
}
