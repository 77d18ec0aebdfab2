/**
 * Which files need a scenario most: files that broke before, that people call risky, or that many others use, and that no
 * scenario in force executes. Tests that run a file are told, but they are no scenario: they say nothing of WHY.
 */
import { exercised } from './impact/exercised.ts';
import type { Graph } from './impact/graph.ts';
import { inForce, type Layers } from './law/compose.ts';
import { matches } from './path-rules.ts';
import { GlobSet } from './path-sets.ts';
import { RISK_LEVELS } from './schemas/impact-map.ts';
import { isExecutable } from './schemas/scenarios.ts';

export interface UncoveredFile {
  file: string;
  /** Higher is more urgent; comparable within one answer. */
  urgency: number;
  /** Most weighty first. */
  reasons: string[];
  /** Whether running a test can execute it. */
  tested: boolean;
}

export interface Coverage {
  /** Most urgent first. */
  files: UncoveredFile[];
  /** Of the files that incidents, risk or dependents speak of: how many a scenario in force executes, and how many not. */
  counts: { covered: number; uncovered: number };
  /** How many of the uncovered ones are not listed. */
  left_out: number;
}

/** From so many files on that use it, tests not counted, a file matters to others. */
const MANY_DEPENDENTS = 5;
/** Where it is at least this many, the exact number says nothing more. */
const MOST_COUNTED = 500;
const RISK_WEIGHTS = { low: 5, medium: 20, high: 50, critical: 100 } satisfies Record<
  (typeof RISK_LEVELS)[number],
  number
>;
const INCIDENT_WEIGHT = 30;

export function coverage(law: Layers, graph: Graph, paths: readonly string[], { limit }: { limit: number }): Coverage {
  const isTest = (path: string) => matches(law.config.tests.paths, path);
  const running = law.scenarios.filter((scenario) => inForce(scenario) && isExecutable(scenario));
  const executed = new GlobSet(running.flatMap(({ files, call }) => (call ? [...files, call.module] : files)));
  const incidents = law.incidents.filter(inForce);
  const risks = law.impactMap.risk.filter(inForce);
  const tested = exercised(graph, paths.filter(isTest));

  const files: UncoveredFile[] = [];
  let covered = 0;
  for (const file of paths) {
    if (isTest(file)) continue;
    const weighed = [
      ofRisk(risks.filter((risk) => matches(risk.files, file))),
      ofIncidents(incidents.filter((incident) => matches(incident.files, file)).map(({ id }) => id)),
      ofDependents(countDependents(graph, file, isTest)),
    ].filter((one) => one !== undefined);
    if (weighed.length === 0) continue;
    if (executed.matches(file)) {
      covered += 1;
      continue;
    }
    const reasons = weighed.toSorted((a, b) => b.weight - a.weight).map(({ reason }) => reason);
    const urgency = weighed.reduce((sum, { weight }) => sum + weight, 0);
    files.push({ file, urgency: tested.has(file) ? urgency / 2 : urgency, reasons, tested: tested.has(file) });
  }
  files.sort((a, b) => b.urgency - a.urgency || (a.file < b.file ? -1 : 1));
  return {
    files: files.slice(0, limit),
    counts: { covered, uncovered: files.length },
    left_out: Math.max(0, files.length - limit),
  };
}

interface Weighed {
  weight: number;
  reason: string;
}

function ofRisk(rules: readonly { level: (typeof RISK_LEVELS)[number]; why: string }[]): Weighed | undefined {
  const [highest] = rules.toSorted((a, b) => RISK_LEVELS.indexOf(b.level) - RISK_LEVELS.indexOf(a.level));
  if (!highest) return undefined;
  const why = highest.why === '' ? '' : ` (${highest.why})`;
  return { weight: RISK_WEIGHTS[highest.level], reason: `risk ${highest.level}${why}` };
}

function ofIncidents(ids: readonly string[]): Weighed | undefined {
  if (ids.length === 0) return undefined;
  const shown = ids.slice(0, 3).join(', ');
  const more = ids.length > 3 ? ` and ${ids.length - 3} more` : '';
  const reason = `${ids.length} past incident${ids.length === 1 ? '' : 's'}: ${shown}${more}`;
  return { weight: INCIDENT_WEIGHT * Math.min(ids.length, 3), reason };
}

function ofDependents(count: number): Weighed | undefined {
  if (count < MANY_DEPENDENTS) return undefined;
  const amount = count >= MOST_COUNTED ? `${MOST_COUNTED} or more` : String(count);
  return { weight: Math.round(10 * Math.log2(count)) / 2, reason: `${amount} files depend on it` };
}

/** Files that reach it, tests not counted. */
function countDependents(graph: Graph, file: string, isTest: (path: string) => boolean): number {
  const reached = new Set([file]);
  let count = 0;
  for (const path of reached) {
    for (const other of graph.importersOf(path)) {
      if (reached.has(other)) continue;
      reached.add(other);
      if (!isTest(other)) count += 1;
      if (count >= MOST_COUNTED) return count;
    }
  }
  return count;
}
