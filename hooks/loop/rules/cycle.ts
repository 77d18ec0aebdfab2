/** loop.cycle: two or more calls with the same results are gone through again and again, and no file changes. */
import { digest } from '../../trace/digest.ts';
import type { Detection, LoopJudge } from '../rule.ts';

interface Passed {
  id: string;
  name: string;
  waiting: boolean;
}

export interface CycleState {
  calls: Passed[];
  /** The cycle that was flagged, by its calls in any rotation; empty for none. */
  warned: string;
  /** A compaction was the reason for another round once. */
  excused: boolean;
}

/** However long the configured cycles are. */
const MAX_CALLS = 200;

export const cycle: LoopJudge<CycleState> = {
  fresh: () => ({ calls: [], warned: '', excused: false }),

  see(own, { call, moved, news, wished }, settings) {
    if (moved === 'known') own.excused = false;
    // A command of unknown effect that is part of the cycle changes nothing that shows: its result is the same each time.
    if (moved === 'known' || news) own.calls = [];
    const kept = Math.min(MAX_CALLS, settings.max_cycle * 2 * settings.repeat_stop);
    own.calls = [...own.calls, { id: call.key + call.result, name: call.name, waiting: call.waiting }].slice(-kept);
    const found = longestRepetition(own.calls, settings);
    if (!found) {
      own.warned = '';
      return undefined;
    }
    const round = own.calls.slice(-found.length);
    const id = digest(...round.map((one) => one.id).sort());
    const [warn, end] = limits(round, settings, wished);
    const rounds = Math.floor(found.matched / found.length);
    const stop = found.matched === end * found.length;
    if (!stop && (own.warned === id || rounds < warn)) return undefined;
    own.warned = id;
    return {
      evidence: `a cycle of ${found.length} calls with the same results, ${rounds} times over, no file changed`,
      advice: `You went through the same ${found.length} calls ${rounds} times with the same results, and no file changed: ${namesOf(round)}. Another round will tell nothing new. Decide from what these results say, change something, or read a place you have not looked at yet. If nothing is left to try, hand over (escalate in a healing run) and say what is missing.`,
      ...(stop && { stop }),
    };
  },

  forget(own, why) {
    if (why === 'flag' && own.warned !== '') return;
    if (why === 'compaction' && own.excused) return;
    if (why !== 'flag') own.excused = why === 'compaction';
    own.calls = [];
    own.warned = '';
  },
};

/** The shortest cycle that the last calls make two rounds at least. */
function longestRepetition(
  calls: readonly Passed[],
  settings: Detection,
): { length: number; matched: number } | undefined {
  for (let length = 2; length <= settings.max_cycle; length++) {
    let matched = length;
    while (calls.length - matched > 0 && calls.at(-matched - 1)?.id === calls.at(-matched - 1 + length)?.id) matched++;
    const differs = calls.slice(-length).some((one) => one.id !== calls.at(-1)?.id);
    if (differs && matched >= 2 * length) return { length, matched };
  }
  return undefined;
}

function limits(round: readonly Passed[], settings: Detection, wished: number): [warn: number, stop: number] {
  const waiting = round.some((one) => one.waiting);
  const warn = waiting ? settings.repeat_stop : settings.repeat_warn;
  const patience = wished > 0 ? Math.max(warn, wished + 2) : Math.max(warn, 2);
  return [patience, Math.max(waiting ? 2 * settings.repeat_stop : settings.repeat_stop, patience + 2)];
}

function namesOf(round: readonly Passed[]): string {
  return round.map((one) => one.name.slice(0, Math.floor(180 / round.length))).join(' → ');
}
