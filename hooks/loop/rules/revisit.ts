/**
 * loop.revisit: the run is back at files and failing checks where it was before, after something else in between. Taking
 * back one failed experiment is good work, and so is starting over from the beginning once; a second time is a loop.
 */
import { type Place, samePlace } from '../place.ts';
import type { LoopJudge, ReportMoment } from '../rule.ts';

/** A place where checks reported, until the next report from another place. */
interface Stay {
  place: Place;
  points: string[];
  failing: number;
}

export interface RevisitState {
  stays: Stay[];
  /** What is no loop once: going back one step, back to the beginning, and back from red to green. */
  free: { undo: boolean; start: boolean; green: boolean };
}

/** What is kept is bounded, so that the state of a run stays below 64 kB. */
const MAX_STAYS = 40;
const MAX_POINTS = 6;
const ALL_FREE = { undo: true, start: true, green: true };

export const revisit: LoopJudge<RevisitState, ReportMoment> = {
  fresh: () => ({ stays: [], free: { ...ALL_FREE } }),

  see(own, { call: { report }, place, atStart, improved, tried }) {
    const last = own.stays.at(-1);
    if (last && samePlace(last.place, place)) {
      if (report.failing > 0 && last.failing === 0 && !own.stays.some((stay) => stay.points.includes(report.point)))
        own.free = { ...own.free, undo: true, green: true };
      if (!last.points.includes(report.point)) last.points = [...last.points, report.point].slice(-MAX_POINTS);
      last.failing = report.failing;
      return undefined;
    }
    const at = own.stays.findLastIndex((stay) => samePlace(stay.place, place) && stay.points.includes(report.point));
    // Another failure is shown and fixed in its own right.
    if (
      at < 0 &&
      report.failing > 0 &&
      last?.failing === 0 &&
      !own.stays.some((stay) => stay.points.includes(report.point))
    )
      own.free = { ...own.free, undo: true, green: true };
    const between = own.stays.length - 1 - at;
    own.stays = [...own.stays, { place, points: [report.point], failing: report.failing }].slice(-MAX_STAYS);
    if (
      at < 0 ||
      improved ||
      isFree(own, { between, atStart, greener: report.failing === 0 && (last?.failing ?? 0) > 0 })
    )
      return undefined;
    const where = atStart ? 'at the files the run began with' : 'at a state of the files seen before';
    return {
      evidence: `back ${where} with the same failing checks (${report.failing}), ${between} other ${between === 1 ? 'state' : 'states'} in between`,
      advice: `You are back ${where}, with the same checks failing${report.names && ` (${report.names})`}; ${between === 1 ? 'one other state was' : `${between} other states were`} tried in between: ${tried}. Going to and fro between them decides nothing. Write down what each of them ruled out, then look for a cause that neither of them touches. If there is none, hand over (escalate in a healing run) and say what was tried.`,
    };
  },

  forget(own, why) {
    if (why === 'improved') own.free = { ...ALL_FREE };
  },
};

function isFree({ free }: RevisitState, back: { between: number; atStart: boolean; greener: boolean }): boolean {
  const kinds = [
    ['green', back.greener],
    ['undo', back.between === 1],
    ['start', back.atStart],
  ] as const;
  const kind = kinds.find(([name, applies]) => applies && free[name])?.[0];
  if (kind) free[kind] = false;
  return kind !== undefined;
}
