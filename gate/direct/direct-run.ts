/** What a `call` or `http` scenario is run with, and what its run tells. */
import type { Judgement } from '../runner/judge.ts';

export interface DirectLimits {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  onOutput?: ((text: string) => void) | undefined;
}

export interface DirectRun {
  judgement: Judgement;
  seconds: number;
  output: string;
}
