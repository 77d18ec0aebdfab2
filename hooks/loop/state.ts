/** What a loop detector remembers: plain JSON of bounded size, so that it can be saved after any step and taken up again. */
import type { Counters } from './counters.ts';
import { type PlaceState, startPlace } from './place.ts';
import { MAX_POINTS, type Point } from './point.ts';
import { type AskingState, asking } from './rules/asking.ts';
import { type CycleState, cycle } from './rules/cycle.ts';
import { type EarlierState, earlierAttempt } from './rules/earlier-attempt.ts';
import { type MonologueState, monologue } from './rules/monologue.ts';
import { type RepeatState, repeat } from './rules/repeat.ts';
import { type RevisitState, revisit } from './rules/revisit.ts';
import { type SimilarState, similar } from './rules/similar.ts';
import { type ThrashState, thrash } from './rules/thrash.ts';
import { type UndoState, undo } from './rules/undo.ts';

/** One more whenever the form changes: a state of another version is of no use. */
const VERSION = 2;

export interface LoopState {
  version: typeof VERSION;
  strikes: 0 | 1 | 2;
  /** Calls, and changes of the files, so far; changes at the last flag. */
  step: number;
  moves: number;
  flaggedAt: number;
  /** What earlier attempts and this one reached, oldest first. */
  points: Point[];
  place: PlaceState;
  counters: Counters;
  /** What the last calls told: the key of a call and its result. */
  told: [key: string, result: string][];
  /** For each check the fewest failures so far. */
  best: [check: string, failing: number][];
  /** How often a person asked for the same to be done. */
  wished: number;
  /** Codes of the words that the agent itself used last, and the lines that its edits added and took away so far. */
  said: string[];
  shift: number;
  /** The last things that changed files. */
  tried: string[];
  earlierAttempt: EarlierState;
  revisit: RevisitState;
  thrash: ThrashState;
  undo: UndoState;
  repeat: RepeatState;
  cycle: CycleState;
  similar: SimilarState;
  asking: AskingState;
  monologue: MonologueState;
}

/** Whether a value that was kept somewhere is a state of this version. */
export function isLoopState(value: unknown): value is LoopState {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === VERSION;
}

export function freshState(earlier: readonly Point[]): LoopState {
  const points = earlier.slice(-MAX_POINTS).map(({ tree, failing }) => ({ tree, failing }));
  return {
    version: VERSION,
    strikes: 0,
    step: 0,
    moves: 0,
    flaggedAt: -1,
    points,
    place: startPlace(),
    counters: [],
    told: [],
    best: [],
    wished: 0,
    said: [],
    shift: 0,
    tried: [],
    earlierAttempt: { ...earlierAttempt.fresh(), points: [...points] },
    revisit: revisit.fresh(),
    thrash: thrash.fresh(),
    undo: undo.fresh(),
    repeat: repeat.fresh(),
    cycle: cycle.fresh(),
    similar: similar.fresh(),
    asking: asking.fresh(),
    monologue: monologue.fresh(),
  };
}
