/** The impact map of some files, as `get_impact` answers it: who depends on them, how risky, and what covers them. */
import { inForce, type Layers } from '../law/compose.ts';
import { matches } from '../path-rules.ts';
import { GlobSet, PathSet } from '../path-sets.ts';
import type { Risk as RiskRule } from '../schemas/impact-map.ts';
import type { PastIncident } from '../schemas/incidents.ts';
import { isExecutable, type Scenario } from '../schemas/scenarios.ts';
import type { ChurnOf } from './churn.ts';
import { dependents } from './dependents.ts';
import { runBy } from './exercised.ts';
import type { Graph } from './graph.ts';
import type { EdgeKind } from './graph-snapshot.ts';
import { languageOf } from './languages.ts';
import { assessRisk, type Risk } from './risk.ts';
import { testsOf } from './tests.ts';

export interface FileImpact {
  /** Files that use it themselves, tests included. */
  direct: string[];
  /** All files that reach it, the direct ones included. */
  transitive: string[];
  /** Direct dependents that do not load its code: they read its types, mock it, or depend on it by a hand-written edge. */
  edge_kinds: Record<string, Exclude<EdgeKind, 'value'>>;
  /** `unknown`: its imports are not read, so that an empty list means nothing. */
  language: string;
  risk: Risk;
  /** Ids of the scenarios about it, then of those about its dependents. */
  scenarios: string[];
  /** Test files that run it: those that only mock it or read its types do not. */
  tests: string[];
  /** Dependents that neither a test nor an executable scenario covers. */
  uncovered: string[];
}

export interface Impact {
  files: Record<string, FileImpact>;
}

export interface ImpactFacts {
  scenarios: readonly Scenario[];
  /** `tests.paths` of the config. */
  testGlobs: readonly string[];
  riskRules: ReadonlyArray<Pick<RiskRule, 'files' | 'level' | 'why' | 'proposed'>>;
  incidents: ReadonlyArray<Pick<PastIncident, 'id' | 'files' | 'proposed'>>;
  /** Of the files asked about; left out where history was not read. */
  churn?: ChurnOf | undefined;
}

/** What the law knows about impact. */
export function impactFacts(layers: Layers): ImpactFacts {
  const { scenarios, config, impactMap, incidents } = layers;
  return { scenarios, testGlobs: config.tests.paths, riskRules: impactMap.risk, incidents };
}

/** The scenarios of one file share the list of its globs: what these match is asked once and not for each of them. */
function byFiles(scenarios: readonly Scenario[]): Map<readonly string[], Scenario[]> {
  const groups = new Map<readonly string[], Scenario[]>();
  for (const scenario of scenarios) {
    const group = groups.get(scenario.files);
    if (group) group.push(scenario);
    else groups.set(scenario.files, [scenario]);
  }
  return groups;
}

/** Proposed entries have no force and are left out. */
export function impactOf(graph: Graph, files: readonly string[], facts: ImpactFacts): Impact {
  const scenarios = facts.scenarios.filter(inForce);
  const groups = byFiles(scenarios);
  const executed = new GlobSet([...byFiles(scenarios.filter(isExecutable)).keys()].flat());
  const { isTest, tested } = testsOf(graph, facts.testGlobs);
  const isCovered = (path: string) => tested.has(path) || executed.matches(path);

  function impactOfFile(path: string): FileImpact {
    const { direct, transitive } = dependents(graph, [path]);
    const tests = [...runBy(graph, path)].filter(isTest).sort();
    const kinds = direct.map((other) => [other, graph.kindOf(other, path)] as const);
    const language = languageOf(path);
    const below = new PathSet(transitive);
    const aboutFile: Scenario[] = [];
    const aboutDependents: Scenario[] = [];
    for (const [globs, group] of groups)
      if (matches(globs, path)) aboutFile.push(...group);
      else if (below.meets(globs)) aboutDependents.push(...group);
    const notTest = (other: string) => !isTest(other);
    const risk = assessRisk({
      path,
      direct: direct.filter(notTest).length,
      transitive: transitive.filter(notTest).length,
      incidents: facts.incidents
        .filter((incident) => inForce(incident) && matches(incident.files, path))
        .map((incident) => incident.id),
      covered: isCovered(path),
      known: !graph.has(path) ? 'missing' : graph.understands(path) ? 'understood' : 'not_understood',
      typesOnly: kinds.filter(([other, kind]) => kind === 'type' && notTest(other)).length,
      unread: language === undefined ? {} : graph.count(language.relatives),
      churn: facts.churn?.(path),
      rules: facts.riskRules.filter((rule) => inForce(rule) && matches(rule.files, path)),
    });
    return {
      direct,
      transitive,
      edge_kinds: Object.fromEntries(
        kinds.flatMap(([other, kind]) => (kind === undefined || kind === 'value' ? [] : [[other, kind]])),
      ),
      language: graph.understands(path) ? (language?.title ?? 'unknown') : graph.has(path) ? 'unknown' : 'missing',
      risk,
      scenarios: [...aboutFile, ...aboutDependents].map((scenario) => scenario.id),
      tests,
      uncovered: transitive.filter((other) => notTest(other) && !isCovered(other)),
    };
  }

  return { files: Object.fromEntries([...new Set(files)].map((path) => [path, impactOfFile(path)])) };
}
