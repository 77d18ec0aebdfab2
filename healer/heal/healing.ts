/** One `heal` at work: what all of its steps share, and what it remembers from one run to the next. */
import type { Config } from '../../context/schemas/config.ts';
import { effectiveConfig } from '../fixes/effective-config.ts';
import type { OpenFix } from '../fixes/open-fix.ts';
import type { Workbench } from '../workbench.ts';
import type { OnProgress } from './progress.ts';
import type { HealOptions } from './request.ts';
import type { DiagnosisWitness } from './shown-diagnosis.ts';
import type { StopWatch } from './stop-watch.ts';

export interface Healing {
  bench: Workbench;
  /** Replaced when the fix is opened again after a person's approval. */
  fix: OpenFix;
  options: HealOptions;
  pluginDir: string;
  witness: DiagnosisWitness;
  stop: StopWatch;
  tell: OnProgress;
  /** By the runs of this process, US dollars. */
  spentUsd: number;
}

export function configOf({ bench, fix }: Healing): Config {
  return effectiveConfig(bench, fix);
}

/** One line for the person who watches. */
export function step(healing: Healing, text: string): void {
  healing.tell({ kind: 'step', text });
}
