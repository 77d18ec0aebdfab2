/** The living context as a model gets it: its data tells no more entries than its text does, and counts the rest. */
import type { FileImpact } from './impact/impact.ts';
import type { LivingContext } from './living-context.ts';

export interface BoundedContext extends Omit<LivingContext, 'shown'> {
  /** By list, only where something was left out; `impact` counts files in lists of dependents, scenarios and tests. */
  left_out: Partial<Record<'scenarios' | 'invariants' | 'incidents' | 'impact', number>>;
}

/** Files that are told with their impact, and names in each of its lists. */
const MOST_FILES = 20;
const MOST_NAMES = 10;

export function bounded({ shown, ...context }: LivingContext): BoundedContext {
  const { scenarios, invariants, incidents } = context;
  const files = Object.entries(context.impact.files);
  const impacts = files.slice(0, MOST_FILES).map(([path, impact]) => [path, boundedImpact(impact)] as const);
  const left = {
    scenarios: scenarios.length - shown.scenarios,
    invariants: invariants.length - shown.invariants,
    incidents: incidents.length - shown.incidents,
    impact: files.length - impacts.length + impacts.reduce((sum, [, { left }]) => sum + left, 0),
  };
  return {
    ...context,
    scenarios: scenarios.slice(0, shown.scenarios),
    invariants: invariants.slice(0, shown.invariants),
    incidents: incidents.slice(0, shown.incidents),
    impact: { files: Object.fromEntries(impacts.map(([path, { impact }]) => [path, impact])) },
    left_out: Object.fromEntries(Object.entries(left).filter(([, count]) => count > 0)),
  };
}

function boundedImpact(impact: FileImpact): { impact: FileImpact; left: number } {
  let left = 0;
  const first = <T>(names: readonly T[]): T[] => {
    left += Math.max(0, names.length - MOST_NAMES);
    return names.slice(0, MOST_NAMES);
  };
  const { direct, transitive, scenarios, tests, uncovered } = impact;
  const lists = {
    direct: first(direct),
    transitive: first(transitive),
    scenarios: first(scenarios),
    tests: first(tests),
    uncovered: first(uncovered),
  };
  return { impact: { ...impact, ...lists }, left };
}
