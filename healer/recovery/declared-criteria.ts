/** The success criteria of a round: those that its `heal` was given, else those of the config. */
import { z } from 'zod';
import { configSchema } from '../../context/schemas/config.ts';
import { openCache } from '../../store/cache.ts';
import { effectiveConfig } from '../fixes/effective-config.ts';
import type { OpenFix } from '../fixes/open-fix.ts';
import type { Workbench } from '../workbench.ts';
import type { Criterion } from './criteria.ts';

const givenSchema = z.array(configSchema.shape.criteria.unwrap().element);

/** For who goes on with the round later, or publishes its fix. Call it where no agent runs: one could write the database. */
export function keepGivenCriteria(bench: Workbench, fix: OpenFix, given: readonly Criterion[]): void {
  openCache(bench.db, 'given_criteria', bench.now).set(keyOf(fix), given);
}

export function declaredCriteria(bench: Workbench, fix: OpenFix): readonly Criterion[] {
  const given = givenSchema.safeParse(openCache(bench.db, 'given_criteria', bench.now).get(keyOf(fix)));
  return given.success ? given.data : effectiveConfig(bench, fix).criteria;
}

function keyOf({ incident, round }: OpenFix): string {
  return `${incident}/${round}`;
}
