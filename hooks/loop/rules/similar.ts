/**
 * loop.similar: the last failures of the same kind of call read nearly the same, and nothing improved. Kinds ignore
 * numbers and ids, so another seed, offset or attempt number is the same kind; another file is not. Only failures are
 * compared: that three healthy outputs look alike says nothing.
 */
import { movesOn, type Standing } from '../progress.ts';
import type { LoopJudge } from '../rule.ts';
import { type Units, unitSimilarity } from '../similarity.ts';

interface Failure {
  id: string;
  units: Units;
  /** Changes of the files so far, and whether others than these calls made one since the failure before. */
  moves: number;
  changed: boolean;
  failing: number;
  errors: string;
  standing: Standing | null;
}

export interface SimilarState {
  /** The last kinds of call; failures of one kind are all alike. */
  kinds: { kind: string; failures: Failure[] }[];
}

/** What is kept is bounded, so that the state of a run stays below 64 kB. */
const MAX_KINDS = 5;
const MAX_WINDOW = 8;

export const similar: LoopJudge<SimilarState> = {
  fresh: () => ({ kinds: [] }),

  see(own, { call, moved, moves, tried }, settings) {
    const failures = own.kinds.find((one) => one.kind === call.kind)?.failures ?? [];
    own.kinds = own.kinds.filter((one) => one.kind !== call.kind);
    if (call.failure === null) return undefined;
    const id = call.key + call.result;
    const { failing, errors } = call.report ?? { failing: 0, errors: '' };
    const last = failures.at(-1);
    // What a failing call itself may have changed is part of its failing.
    const found = moved === 'no' ? moves : moves - 1;
    const changedNow = last !== undefined && last.moves !== found;
    const next: Failure = {
      id,
      units: call.failure,
      moves,
      changed: changedNow,
      failing,
      errors,
      standing: call.standing,
    };
    // The very same again is for loop.repeat; a report on changed files is for loop.thrash.
    const again = failures.some((one) => one.id === id && one.moves === found);
    const other = last && (failing < last.failing || errors !== last.errors || (call.report !== null && changedNow));
    const before = other ? [] : alike(failures, call.failure, settings.similarity_threshold);
    const window = Math.min(Math.max(settings.window, 2), MAX_WINDOW);
    const alikes = again ? failures : [...before, next].slice(-window - 1);
    own.kinds = [...own.kinds, { kind: call.kind, failures: alikes }].slice(-MAX_KINDS);
    // Where files changed, or a check was run in other ways, the first failure is what the tries were held against.
    const changed = alikes.slice(1).some((one) => one.changed);
    if (again || alikes.length < window + (changed || call.report ? 1 : 0)) return undefined;
    const standings = alikes.flatMap(({ standing }) => standing ?? []);
    if (movesOn(changed ? standings : standings.map((one) => ({ ...one, places: [], counts: [] })))) return undefined;
    own.kinds.pop();
    const percent = Math.round(
      100 * Math.min(...alikes.slice(0, -1).map((one) => unitSimilarity(one.units, next.units))),
    );
    return {
      evidence: `the last ${alikes.length} failures of this kind of call are at least ${percent} % alike, nothing improved`,
      advice: `Your last ${alikes.length} tries with ${call.name} failed in nearly the same way${tried && changed ? `, also after: ${tried}` : ''}. Varying the call does not reach the cause. Read the first error in the output to its end, find out which assumption it contradicts, and test that one alone. If the cause lies outside of what you may change, hand over (escalate in a healing run) and say so.`,
    };
  },

  forget(own, why) {
    if (why !== 'compaction') own.kinds = [];
  },
};

/** The latest failures, as far back as each is more alike to the new one than the threshold. */
function alike(failures: readonly Failure[], units: Units, threshold: number): Failure[] {
  const from = failures.findLastIndex((one) => unitSimilarity(one.units, units) <= threshold);
  return failures.slice(from + 1);
}
