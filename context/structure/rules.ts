/** The structural rules of a law, each with where it is written. */

import type { Origin } from '../schemas/fields.ts';
import type { PastIncident } from '../schemas/incidents.ts';
import { executableCheck, type Invariant } from '../schemas/invariants.ts';
import { prepareSearches, type StructuralRule } from './search.ts';

export interface WrittenRule extends StructuralRule {
  origin: Origin;
  /** `Invariant INV-001`, `The anti-pattern of INC-1` */
  of: string;
  must: 'match' | 'not_match';
  /** Globs; none means all files of the language. */
  files: readonly string[];
}

export interface LawWithRules {
  invariants: readonly Invariant[];
  incidents: readonly PastIncident[];
}

export function structuralRules({ invariants, incidents }: LawWithRules): WrittenRule[] {
  return [
    ...invariants.flatMap((invariant) => {
      const { language, rule, must = 'not_match' } = executableCheck(invariant)?.pattern ?? {};
      if (language === undefined || rule === undefined) return [];
      const { id, origin, files } = invariant;
      return [{ language, rule, must, files, origin, of: `Invariant ${id}` }];
    }),
    ...incidents.flatMap(({ id, origin, anti_pattern: pattern }) => {
      const { language, rule } = pattern?.match ?? {};
      if (language === undefined || rule === undefined) return [];
      return [{ language, rule, must: 'not_match' as const, files: [], origin, of: `The anti-pattern of ${id}` }];
    }),
  ];
}

/** Begins to fetch what the law's rules need to be judged, so that it is there when they are. */
export function prepareRules(law: LawWithRules): void {
  const exported = law.invariants.some((invariant) => executableCheck(invariant)?.unchanged?.exports !== undefined);
  prepareSearches([...structuralRules(law), ...(exported ? [{ language: 'typescript', rule: '' }] : [])]);
}
