/** loop.earlier_attempt: an attempt before this one was at the same files with the same failing checks, and failed. */
import { treeOf } from '../place.ts';
import type { Point } from '../point.ts';
import type { LoopJudge, ReportMoment } from '../rule.ts';

export interface EarlierState {
  points: Point[];
}

export const earlierAttempt: LoopJudge<EarlierState, ReportMoment> = {
  fresh: () => ({ points: [] }),

  see(own, { call: { report }, place, atStart, improved, tried }) {
    const tree = treeOf(place);
    const at = own.points.findIndex((point) => point.tree === tree && point.failing === report.point);
    if (at < 0 || atStart || improved) return undefined;
    own.points = own.points.toSpliced(at, 1);
    return {
      evidence: `these files with these failing checks (${report.failing}) were reached by an earlier attempt`,
      advice: `An earlier attempt at this incident came to exactly these files and these checks${report.names && ` (${report.names})`}, and did not get further. Changed now: ${tried}. Do not go on from here the same way. Take another cause or another place for the fix than that attempt did; if the diagnosis leaves none, hand over (escalate in a healing run) and say so.`,
    };
  },

  forget() {},
};
