/** Tells when one agent of one run goes in circles. Fed with everything that happens, one thing after the other. */
import type { Config } from '../../context/schemas/config.ts';
import type { Happening } from '../trace/happening.ts';
import type { Flag } from './flag.ts';
import { freshState, type LoopState, type Point } from './state.ts';

export type { LoopState, Point } from './state.ts';

export class LoopDetector {
  readonly #settings: Config['detection'];
  #state: LoopState;

  /**
   * @param start `state`: what `state()` of the same run gave, to go on from there (`earlier` is then taken from it);
   *   `earlier`: what `points()` gave in the attempts before this one. Strikes of earlier attempts do not count.
   */
  constructor(settings: Config['detection'], start: { state?: LoopState; earlier?: readonly Point[] } = {}) {
    this.#settings = settings;
    this.#state = start.state?.version === 1 ? structuredClone(start.state) : freshState(start.earlier ?? []);
  }

  /** A flag when what just happened completes a loop. */
  see(happening: Happening): Flag | undefined {
    void [this.#settings, happening];
    return undefined;
  }

  get strikes(): 0 | 1 | 2 {
    return this.#state.strikes;
  }

  /** Everything the detector knows, to be saved: a detector made from it gives the same flags. */
  state(): LoopState {
    return structuredClone(this.#state);
  }

  /** The points of this attempt and of those before it: `earlier` of the next one. */
  points(): Point[] {
    return [...this.#state.earlier, ...this.#state.points];
  }
}
