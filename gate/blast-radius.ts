/**
 * Check 4: whoever depends on what was changed and was not exercised. The graph is that of the base with the fix's source
 * changes, so that what the fix adds to the tests is no coverage of its own blast radius.
 */
import { dependents } from '../context/impact/dependents.ts';
import { exercised } from '../context/impact/exercised.ts';
import { buildGraph, type Graph, type HandWrittenEdge } from '../context/impact/graph.ts';
import { treeSources } from '../context/impact/sources.ts';
import { matches } from '../context/path-rules.ts';
import type { Config } from '../context/schemas/config.ts';
import type { Change } from './changes.ts';
import { type JudgedCheck, type JudgedFinding, judge } from './judged-finding.ts';
import { configLine } from './lift.ts';
import { type Workspace, workspaceOptions } from './workspace.ts';

/** Who depends on what a fix changes. */
export interface Radius {
  graph: Graph;
  /** Dependents of the changed source files that are no tests. Sorted. */
  affected: string[];
}

export interface RadiusInput {
  workspace: Workspace;
  /** B+S. */
  baseSource: string;
  changes: readonly Change[];
  /** Of the base's law. */
  edges: readonly HandWrittenEdge[];
  config: Pick<Config, 'tests'>;
}

export async function findRadius({ workspace, baseSource, changes, edges, config }: RadiusInput): Promise<Radius> {
  const source = changes.filter(({ kind }) => kind === 'source').map(({ path }) => path);
  const graph = buildGraph({ ...(await treeSources(baseSource, workspaceOptions(workspace))), edges });
  const affected = dependents(graph, source).transitive.filter((path) => !matches(config.tests.paths, path));
  return { graph, affected };
}

export interface BlastRadiusInput {
  radius: Radius;
  config: Pick<Config, 'guardrails' | 'tests'>;
  /** Test files that really ran; for a runner that names none, what its command names, which may be a pattern. */
  executed: {
    testFiles: readonly string[];
    /** Modules that scenarios called without a test. */
    called: readonly string[];
    /** The file globs of the base's scenarios that were executed. */
    scenarioFiles: readonly string[];
    /** The whole test command ran; when its runner names no files, all test files count as run. */
    wholeSuite: boolean;
  };
  /** The verdict already fails because the tests did not run: what they would have reached cannot be told. */
  testsBlocked: boolean;
}

export function checkBlastRadius({ radius, config, executed, testsBlocked }: BlastRadiusInput): JudgedCheck {
  const { graph, affected } = radius;
  const unnamed = executed.wholeSuite && executed.testFiles.length === 0;
  const ran = graph.files.filter((path) => matches(unnamed ? config.tests.paths : executed.testFiles, path));
  const reached = exercised(graph, [...ran, ...executed.called]);
  const unreached = affected.filter((path) => !reached.has(path) && !matches(executed.scenarioFiles, path));

  if (testsBlocked) return judge(unreached.length > 0 ? [notJudged(unreached.length)] : []);

  const limit = config.guardrails.max_blast_radius;
  const findings: JudgedFinding[] = [];
  if (unreached.length > 0) {
    const over = unreached.length > limit;
    findings.push({
      severity: over ? 'fail' : 'warn',
      code: over ? 'blast_radius.too_large' : 'blast_radius.unreached',
      message: `${unreached.length} of ${affected.length} files that depend on the change are reached by no test or scenario that ran${over ? `; ${limit} are allowed` : ''}: ${some(unreached)}.`,
      next: over
        ? 'Change something with fewer dependents, or hand over: scenarios for these files would reach them.'
        : 'Nothing is to be done; a reviewer should look at these files.',
      ...(over ? { lift: configLine('guardrails', 'max_blast_radius', unreached.length) } : {}),
    });
  }
  return judge(findings);
}

/** One cause is told once: the finding that blocks stands under the scenarios. */
function notJudged(dependents: number): JudgedFinding {
  return {
    severity: 'warn',
    code: 'blast_radius.unreached',
    message: `How many of ${dependents === 1 ? 'the 1 file that depends' : `the ${dependents} files that depend`} on the change are tested cannot be told, because the tests did not run.`,
    next: 'Nothing is to be done here; see what the scenarios say.',
  };
}

function some(paths: readonly string[]): string {
  const shown = paths.slice(0, 10).join(', ');
  return paths.length > 10 ? `${shown} and ${paths.length - 10} more` : shown;
}
