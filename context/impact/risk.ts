/** How much may go wrong when a file changes: a level, and the plain reasons for it. */
import { RISK_LEVELS } from '../schemas/impact-map.ts';

export type RiskLevel = (typeof RISK_LEVELS)[number];

export interface Risk {
  level: RiskLevel;
  reasons: string[];
}

/** Dependents that are no tests, from which on a change is a medium or a high risk. */
const MANY = { medium: 5, high: 20 };
/** Past incidents, likewise. */
const OFTEN = { medium: 1, high: 3 };

export interface RiskFacts {
  path: string;
  /** Dependents that are no tests: direct ones, and all. */
  direct: number;
  transitive: number;
  /** Ids of past incidents in this file. */
  incidents: string[];
  /** Whether any executable scenario or test reaches the file. */
  covered: boolean;
  /** What is known of its imports. */
  known: 'understood' | 'not_understood' | 'missing';
  rules: ReadonlyArray<{ level: RiskLevel; why: string }>;
}

/** The highest of all levels counts; a hand-written one raises the level and never lowers it. */
export function assessRisk(facts: RiskFacts): Risk {
  const { path, direct, transitive, incidents, covered, known, rules } = facts;
  const found: Array<[RiskLevel, string]> = [];
  if (known === 'missing')
    found.push(['medium', `${path} is not a file of this tree: only hand-written edges are known`]);
  if (known === 'not_understood')
    found.push([
      'medium',
      `imports in ${kindOf(path)} are not read: only hand-written edges and imports of it from known languages count`,
    ]);
  found.push([
    level(transitive, MANY),
    `${count(transitive, 'file')} ${transitive === 1 ? 'depends' : 'depend'} on it, ${direct} directly (tests not counted)`,
  ]);
  if (incidents.length > 0)
    found.push([level(incidents.length, OFTEN), `${count(incidents.length, 'past incident')}: ${some(incidents)}`]);
  if (!covered) found.push(['medium', 'no executable scenario and no test reaches it']);
  for (const rule of rules)
    found.push([rule.level, `hand-written: ${rule.level}${rule.why === '' ? '' : ` (${rule.why})`}`]);
  const highest = Math.max(...found.map(([name]) => RISK_LEVELS.indexOf(name)));
  return { level: RISK_LEVELS[highest] ?? 'low', reasons: found.map(([, reason]) => reason) };
}

function level(amount: number, limits: { medium: number; high: number }): RiskLevel {
  if (amount >= limits.high) return 'high';
  return amount >= limits.medium ? 'medium' : 'low';
}

function kindOf(path: string): string {
  const extension = /\.[^./]+$/.exec(path)?.[0];
  return extension === undefined ? 'files without an extension' : `${extension} files`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function some(names: string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}
