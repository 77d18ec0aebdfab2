/** Ends the run that a session's fix is; a headless run is ended by its parent. */
import { finishRun, unseenEnd } from '../../store/runs.ts';
import type { Workbench } from '../workbench.ts';
import type { OpenFix } from './open-fix.ts';

export function endSessionRun(bench: Workbench, fix: OpenFix, failureMode: string | null): void {
  if (bench.role !== 'session' || fix.run === undefined) return;
  finishRun(bench.db, fix.run, unseenEnd(bench.now(), failureMode));
}
