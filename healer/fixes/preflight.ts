/**
 * The tests of the base, tried once before a fix is paid for. `heal` tries them before it starts an agent. A session tries
 * them at the diagnosis: start_fix answers at once that way, and whoever fixes is not started for nothing.
 */
import { type Preflight, preflight } from '../../gate/preflight.ts';
import { openCache } from '../../store/cache.ts';
import type { Workbench } from '../workbench.ts';
import { changeOfLaw } from './change-of-law.ts';
import { effectiveConfig } from './effective-config.ts';
import type { OpenFix } from './open-fix.ts';

export interface PreflightOptions {
  signal?: AbortSignal | undefined;
  /** One line for a person who waits. */
  onProgress?: ((line: string) => void) | undefined;
}

export function tryTests(bench: Workbench, fix: OpenFix, options: PreflightOptions = {}): Promise<Preflight> {
  return preflight({
    repository: bench.repository,
    law: { ...fix.law, config: effectiveConfig(bench, fix) },
    base: fix.base.commit,
    event: fix.event,
    cache: openCache(bench.db, 'gate_runs', bench.now),
    ...options,
  });
}

/** What a person reads of tests that cannot run: why, and the one line that lets a fix begin. */
export function blockedText(
  bench: Workbench,
  fix: OpenFix,
  { command, why, advice }: Extract<Preflight, { status: 'blocked' }>,
  then: string,
): { why: string; next: string } {
  const tried = command === '' ? '' : ` \`${command}\`:`;
  return {
    why: `The tests cannot run on the base, so no fix could be proven.${tried} ${why}`,
    next: `${changeOfLaw(bench, fix, advice.line, then)} It ${advice.does}.`,
  };
}
