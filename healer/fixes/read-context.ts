/** The reading tools: the living context around files or an incident, the impact of files, and past incidents by words. */
import { readChurn } from '../../context/impact/churn.ts';
import { buildGraph, type Graph } from '../../context/impact/graph.ts';
import { type Impact, type ImpactFacts, impactFacts, impactOf } from '../../context/impact/impact.ts';
import { treeSources } from '../../context/impact/sources.ts';
import { type ImpactTree, impactTree } from '../../context/impact/tree.ts';
import type { Layers } from '../../context/law/compose.ts';
import { getContext, type LivingContext } from '../../context/living-context.ts';
import { type FoundIncident, fullTextSearch, searchIncidents } from '../../context/memory.ts';
import { WorkingGraph } from '../../context/working-graph.ts';
import { WorkingLaw } from '../../context/working-law.ts';
import { eventSchema } from '../../events/event.ts';
import { requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';
import type { OpenFix } from './open-fix.ts';

interface View {
  law: Layers;
  graph: Graph;
}

/** What was read for a workbench, as long as that lives. */
interface Kept {
  law: WorkingLaw;
  graph: WorkingGraph;
}

const kept = new WeakMap<Workbench, Kept>();
/** A fix has one base and one law. */
const graphsOfFixes = new WeakMap<OpenFix, Promise<Graph>>();

function keptFor(bench: Workbench): Kept {
  const { root } = bench.repository;
  const known = kept.get(bench) ?? { law: new WorkingLaw(root), graph: new WorkingGraph(root) };
  kept.set(bench, known);
  return known;
}

/** The layers of the checkout as they are on disk now; their problems are data. */
export function workingLayers(bench: Workbench): Promise<Layers> {
  return keptFor(bench).law.layers();
}

/** Of an incident whose fix is open here: its base and law. Else: the checkout as it is on disk. */
async function view(bench: Workbench, incident?: string): Promise<View> {
  const fix = incident === undefined ? undefined : bench.fixes.get(incident);
  if (fix) return { law: fix.law, graph: await graphOfFix(bench, fix) };
  const law = await workingLayers(bench);
  return { law, graph: await keptFor(bench).graph.graph(law.impactMap.edges) };
}

function graphOfFix(bench: Workbench, fix: OpenFix): Promise<Graph> {
  const known =
    graphsOfFixes.get(fix) ??
    treeSources(fix.base.commit, { cwd: bench.repository.root }).then((sources) =>
      buildGraph({ ...sources, edges: fix.law.impactMap.edges }),
    );
  graphsOfFixes.set(fix, known);
  known.catch(() => graphsOfFixes.delete(fix));
  return known;
}

/** Throws UserError for an unknown incident. */
export async function contextOf(
  bench: Workbench,
  about: { files?: readonly string[] | undefined; incident?: string | undefined },
): Promise<LivingContext> {
  if (about.incident === undefined) return getContext({ ...(await view(bench)), files: about.files ?? [] });
  const record = await requireIncident(bench.incidents, about.incident);
  return getContext({ ...(await view(bench, about.incident)), event: eventSchema.parse(record.event) });
}

export async function impactOfFiles(bench: Workbench, files: readonly string[]): Promise<Impact> {
  const { graph, facts } = await impactView(bench, files);
  return impactOf(graph, files, facts);
}

/** The same, with the dependents of each file as a tree. */
export async function impactTreesOf(
  bench: Workbench,
  files: readonly string[],
): Promise<{ impact: Impact; trees: Map<string, ImpactTree> }> {
  const { graph, facts } = await impactView(bench, files);
  const trees = new Map(files.map((path) => [path, impactTree(graph, path, facts)]));
  return { impact: impactOf(graph, files, facts), trees };
}

async function impactView(bench: Workbench, files: readonly string[]): Promise<{ graph: Graph; facts: ImpactFacts }> {
  const [{ law, graph }, churn] = await Promise.all([view(bench), readChurn(files, { cwd: bench.repository.root })]);
  return { graph, facts: { ...impactFacts(law), churn } };
}

export async function searchPast(bench: Workbench, query: string, limit: number): Promise<FoundIncident[]> {
  const { incidents } = await workingLayers(bench);
  return searchIncidents(query, incidents, { limit, fts: fullTextSearch(bench.db, incidents) });
}
