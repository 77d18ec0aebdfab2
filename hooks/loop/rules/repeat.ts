/**
 * loop.repeat: the same call with the same masked result, again and again, while no file changed. Other calls may stand in
 * between, as long as they are not the same ones each time: that is a cycle.
 */
import { digest } from '../../trace/digest.ts';
import type { LoopJudge } from '../rule.ts';

interface Repeated {
  id: string;
  key: string;
  times: number;
  step: number;
  /** Digest of the calls between the last two times. */
  between: string;
  warned: boolean;
}

export interface RepeatState {
  calls: Repeated[];
  /** The last calls, newest last. */
  recent: string[];
  /** A compaction was the reason for reading again once; the next one is not, before files change. */
  excused: boolean;
}

/** What is kept is bounded, so that the state of a run stays below 64 kB. */
const MAX_CALLS = 24;

export const repeat: LoopJudge<RepeatState> = {
  fresh: () => ({ calls: [], recent: [], excused: false }),

  see(own, { call, step, moved, news, wished }, settings) {
    if (moved === 'known') own.excused = false;
    const id = call.key + call.result;
    const reach = Math.max(settings.max_cycle, 2);
    // What the call itself may have changed made no difference to what it says; what others change does.
    if (moved !== 'no' || call.acts) own.calls = own.calls.filter((known) => known.id === id && moved !== 'known');
    // Something else is told now, by whichever call: what is asked again may be answered otherwise.
    if (news) own.calls = [];
    own.calls = own.calls.filter((known) => step - known.step <= reach && (known.key !== call.key || known.id === id));
    const known = own.calls.find((one) => one.id === id) ?? start(own, id, call.key);
    const gap = known.times === 0 ? 0 : step - known.step - 1;
    const between = gap === 0 ? '' : digest(...own.recent.slice(-gap));
    own.recent = [...own.recent, id].slice(-reach);
    const partOfCycle = gap > 0 && between === known.between;
    if (!partOfCycle) known.times++;
    known.step = step;
    known.between = between;
    const [warn, last] = call.waiting
      ? [settings.repeat_stop, 2 * settings.repeat_stop]
      : [settings.repeat_warn, settings.repeat_stop];
    // What a person asked for several times is done as often, and once more.
    const patience = wished > 0 ? Math.max(warn, wished + 2) : warn;
    const end = Math.max(last, patience + last - warn);
    if (partOfCycle || known.times < 2) return undefined;
    const stop = known.times === end;
    if (!stop && (known.warned || known.times < patience)) return undefined;
    known.warned = true;
    return {
      evidence: `the same call with the same result ${known.times} times, no file changed in between`,
      advice: adviceFor(call.name, known.times, call.waiting),
      ...(stop && { stop }),
    };
  },

  forget(own, why) {
    if (why === 'compaction' && own.excused) return;
    if (why !== 'flag') own.excused = why === 'compaction';
    own.calls = why === 'flag' ? own.calls.filter((known) => known.warned) : [];
    if (why !== 'flag') own.recent = [];
  },
};

function start(own: RepeatState, id: string, key: string): Repeated {
  const made: Repeated = { id, key, times: 0, step: 0, between: '', warned: false };
  own.calls.push(made);
  if (own.calls.length > MAX_CALLS) own.calls.shift();
  return made;
}

function adviceFor(name: string, times: number, waiting: boolean): string {
  const instead = waiting
    ? 'If you wait for something, look at a log or a process that shows whether it moves at all; if it does not, find out why.'
    : 'Asking once more will not give another answer. Use what this result says: read the code it points to, change something, or test another assumption.';
  return `You made the same call ${times} times with the same result, and no file changed in between: ${name}. ${instead} If nothing is left to try, hand over (escalate in a healing run) and say what is missing.`;
}
