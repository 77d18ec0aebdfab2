/** How much may go wrong when a file changes: a level, and the plain reasons for it. */
import { basename } from 'node:path/posix';
import { RISK_LEVELS } from '../schemas/impact-map.ts';

import type { Churn } from './churn.ts';

export type RiskLevel = (typeof RISK_LEVELS)[number];

export interface Risk {
  level: RiskLevel;
  reasons: string[];
}

/** Dependents that are no tests, from which on a change is a medium or a high risk. */
const MANY = { medium: 5, high: 20 };
/** Past incidents, likewise. */
const OFTEN = { medium: 1, high: 3 };
/** Commits in half a year, likewise. */
const CHANGING = { medium: 10, high: 40 };

export interface RiskFacts {
  path: string;
  /** Dependents that are no tests: direct ones, and all. */
  direct: number;
  transitive: number;
  /** Of the direct ones, how many only read types. */
  typesOnly: number;
  /** End of file name → number of files that may depend on it and whose imports are not read. */
  unread: Record<string, number>;
  /** Undefined: history was not read, or git could not tell. */
  churn: Churn | undefined;
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
  const { path, direct, transitive, typesOnly, unread, churn, incidents, covered, known, rules } = facts;
  const found: Array<[RiskLevel, string]> = [];
  if (known === 'missing')
    found.push(['medium', `${path} is not a file of this tree: only hand-written edges are known`]);
  if (known === 'not_understood')
    found.push([
      'medium',
      `imports in ${kindOf(path)} are not read: only hand-written edges and imports of it from known languages count`,
    ]);
  const types = typesOnly > 0 ? `, ${typesOnly} of them for types only` : '';
  const least = known === 'understood' ? '' : 'at least ';
  if (transitive === 0 && known !== 'understood') found.push(['low', 'which files depend on it is unknown']);
  else
    found.push([
      level(transitive, MANY),
      `${least}${count(transitive, 'file')} ${transitive === 1 ? 'depends' : 'depend'} on it, ${direct} directly${types} (tests not counted)`,
    ]);
  const others = Object.entries(unread).map(([ending, amount]) => count(amount, `${ending} file`));
  if (others.length > 0)
    found.push(['low', `imports in ${others.join(', ')} are not read: dependents among them are unknown`]);
  if (churn !== undefined && churn.commits > 0) found.push([level(churn.commits, CHANGING), changes(churn)]);
  if (incidents.length > 0)
    found.push([level(incidents.length, OFTEN), `${count(incidents.length, 'past incident')}: ${some(incidents)}`]);
  if (!covered)
    found.push([
      'medium',
      `no executable scenario and no test${known === 'understood' ? '' : ' that is known'} reaches it`,
    ]);
  for (const rule of rules)
    found.push([rule.level, `hand-written: ${rule.level}${rule.why === '' ? '' : ` (${rule.why})`}`]);
  const highest = Math.max(...found.map(([name]) => RISK_LEVELS.indexOf(name)));
  return { level: RISK_LEVELS[highest] ?? 'low', reasons: found.map(([, reason]) => reason) };
}

function level(amount: number, limits: { medium: number; high: number }): RiskLevel {
  if (amount >= limits.high) return 'high';
  return amount >= limits.medium ? 'medium' : 'low';
}

function changes({ commits, fixes, days, shallow }: Churn): string {
  const fixing = fixes === 0 ? '' : fixes === 1 ? ', 1 of them a fix' : `, ${fixes} of them fixes`;
  const least = shallow ? 'at least ' : '';
  return `changed by ${least}${count(commits, 'commit')} in ${days} days${fixing}`;
}

function kindOf(path: string): string {
  const extension = /.(\.[^.]+)$/.exec(basename(path))?.[1];
  return extension === undefined ? `files such as ${basename(path)}` : `${extension} files`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function some(names: string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}
