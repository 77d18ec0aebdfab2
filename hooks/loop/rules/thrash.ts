/**
 * loop.thrash: several different changes, and the failing checks and their error are as they were. Changes that came with
 * additions to the tests do not count: they were about what those tests ask, not about what still fails.
 */
import { posix } from 'node:path';
import type { Place } from '../place.ts';
import { samePlace } from '../place.ts';
import { movesOn, type Standing } from '../progress.ts';
import type { LoopJudge } from '../rule.ts';

interface Stuck {
  point: string;
  /** Different places with this same point, in order; the first is what the changes are held against. */
  places: { place: Place; standing: Standing | null }[];
  /** How many checks the last report told of. */
  cases: number | null;
  /** The checks that reported it. */
  checks: string[];
}

export interface ThrashState {
  /** Names of test files that have grown since the last report. */
  grown: string[];
  points: Stuck[];
}

const TEST_PATH = /(?:^|[/_.-])(?:tests?|specs?|__tests__)(?:[/_.-]|$)|Tests?\.\w+$/i;
/** What is kept is bounded, so that the state of a run stays below 64 kB. */
const MAX_POINTS = 8;
const MAX_GROWN = 8;
const MAX_CHECKS = 8;
const MAX_PLACES = 50;

export const thrash: LoopJudge<ThrashState> = {
  fresh: () => ({ grown: [], points: [] }),

  see(own, { call, place, changes: made, tried }, settings) {
    const { report, standing } = call;
    // What another commit brought is no try.
    if (call.history) own.points = [];
    for (const { path, grows } of made)
      if (grows && TEST_PATH.test(path)) own.grown = [...own.grown, posix.basename(path)].slice(-MAX_GROWN);
    if (!report) return undefined;
    const grown = own.grown;
    own.grown = [];
    // A check that tells something else now: what failed before does not fail any more, or differently.
    own.points = own.points.filter((one) => one.point === report.point || !one.checks.includes(report.check));
    if (report.failing === 0) return undefined;
    const stuck = own.points.find((one) => one.point === report.point) ?? {
      point: report.point,
      places: [],
      cases: null,
      checks: [],
    };
    // The failing test itself grew and asks no more than before: that was a try.
    const elsewhere = grown.filter((name) => !report.names.includes(name));
    const asksMore = elsewhere.length > 0 || (grown.length > 0 && report.cases !== stuck.cases);
    stuck.cases = report.cases;
    own.points = [...own.points.filter((one) => one !== stuck), stuck].slice(-MAX_POINTS);
    if (!stuck.checks.includes(report.check)) stuck.checks = [...stuck.checks, report.check].slice(-MAX_CHECKS);
    if (stuck.places.some((known) => samePlace(known.place, place))) return undefined;
    const here = { place, standing };
    stuck.places = asksMore ? [here] : [...stuck.places, here].slice(-Math.min(settings.thrash + 1, MAX_PLACES));
    const changes = stuck.places.length - 1;
    if (changes < Math.min(settings.thrash, MAX_PLACES - 1)) return undefined;
    const standings = stuck.places.flatMap((known) => known.standing ?? []);
    stuck.places = [here];
    // The same kind of failure, further on each time.
    if (standings.length === changes + 1 && movesOn(standings.map((one) => ({ ...one, subjects: [] }))))
      return undefined;
    return {
      evidence: `${changes} different changes left the failing checks (${report.failing}) and their error as they were`,
      advice: `${changes} different changes left the same checks failing with the same error (${report.names}). Tried: ${tried}. The cause is probably elsewhere: do not change more. Take back what did not help, then prove where it goes wrong, with one print or assertion on the way from the input to the failing line, or by running the smallest case alone. If your diagnosis does not hold, hand over (escalate in a healing run) and say so.`,
    };
  },

  forget(own, why) {
    if (why === 'improved') own.points = [];
    if (why === 'flag') own.points = own.points.map((one) => ({ ...one, places: one.places.slice(-1) }));
  },
};
