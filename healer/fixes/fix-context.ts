/** The context block that a fix starts with: computed on its base, by its law. */
import { buildGraph } from '../../context/impact/graph.ts';
import { treeSources } from '../../context/impact/sources.ts';
import type { Law } from '../../context/law.ts';
import { getContext } from '../../context/living-context.ts';
import type { Repository } from '../../context/repository.ts';
import type { ErrorEvent } from '../../events/event.ts';

export async function fixContext(repository: Repository, law: Law, base: string, event: ErrorEvent): Promise<string> {
  const sources = await treeSources(base, { cwd: repository.root });
  const graph = buildGraph({ ...sources, edges: law.impactMap.edges });
  return getContext({ law, graph, event }).text;
}
