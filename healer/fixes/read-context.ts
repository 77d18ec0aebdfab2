/** The reading tools: the living context around files or an incident, the impact of files, and past incidents by words. */
import { buildGraph, type Graph } from '../../context/impact/graph.ts';
import { type Impact, impactFacts, impactOf } from '../../context/impact/impact.ts';
import { folderSources, treeSources } from '../../context/impact/sources.ts';
import type { Layers } from '../../context/law/compose.ts';
import { readWorkingLaw } from '../../context/law.ts';
import { getContext, type LivingContext } from '../../context/living-context.ts';
import { type FoundIncident, fullTextSearch, searchIncidents } from '../../context/memory.ts';
import { eventSchema } from '../../events/event.ts';
import { requireIncident } from '../incidents/decisions.ts';
import type { Workbench } from '../workbench.ts';

interface View {
  law: Layers;
  graph: Graph;
}

/** Of an incident whose fix is open here: its base and law. Else: the checkout as it is on disk. */
async function view(bench: Workbench, incident?: string): Promise<View> {
  const fix = incident === undefined ? undefined : bench.fixes.get(incident);
  const law = fix?.law ?? (await readWorkingLaw(bench.repository.root));
  const sources = fix
    ? await treeSources(fix.base.commit, { cwd: bench.repository.root })
    : await folderSources(bench.repository.root);
  return { law, graph: buildGraph({ ...sources, edges: law.impactMap.edges }) };
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
  const { law, graph } = await view(bench);
  return impactOf(graph, files, impactFacts(law));
}

export async function searchPast(bench: Workbench, query: string, limit: number): Promise<FoundIncident[]> {
  const { incidents } = await readWorkingLaw(bench.repository.root);
  return searchIncidents(query, incidents, { limit, fts: fullTextSearch(bench.db, incidents) });
}
