/** What a plan begins with, and what it comes to. */
import type { Diagnosis } from '../../store/diagnoses.ts';
import type { PreviousAttempt } from '../recovery/corrective-prompt.ts';
import type { Criterion } from '../recovery/criteria.ts';
import type { End } from './conclude.ts';
import type { JudgedAttempt } from './judge-attempt.ts';

export interface BeforePlan {
  diagnosis: Diagnosis;
  /** Of the whole. */
  criteria: readonly Criterion[];
  /** The last attempt at the whole. */
  last: JudgedAttempt;
  /** The same, as the next run is told of it; undefined where it is not to be told. */
  told: PreviousAttempt | undefined;
}

/** The fix came to an end on the way, or the whole was judged. */
export type Reduced = { end: End } | { judged: JudgedAttempt };
