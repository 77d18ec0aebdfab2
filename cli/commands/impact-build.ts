import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { buildGraph, type Graph } from '../../context/impact/graph.ts';
import { languageOf, UNREAD_ENDINGS } from '../../context/impact/languages.ts';
import { folderSources } from '../../context/impact/sources.ts';
import { readWorkingLaw } from '../../context/law.ts';
import { openRepository } from '../../context/repository.ts';
import { command, JSON_OPTION } from '../command.ts';

export const impactBuildCommand = command({
  name: 'impact build',
  summary: 'compute the import graph of the working copy and say how large it is',
  options: [JSON_OPTION],
  input: z.object({}),
  async run(_input, call) {
    const started = performance.now();
    const { root } = await openRepository(call.cwd);
    const law = await readWorkingLaw(root);
    const sources = await folderSources(root, { signal: call.signal });
    const graph = buildGraph({ ...sources, edges: law.impactMap.edges });
    const seconds = Math.round(performance.now() - started) / 1000;
    const unread = graph.count(UNREAD_ENDINGS);
    const value = { files: graph.files.length, edges: graph.edges, seconds, languages: languagesOf(graph), unread };
    const lines = [
      `${value.files} source files, ${value.edges} edges, ${seconds.toFixed(2)} s`,
      ...Object.entries(value.languages).map(([title, amount]) => `  ${title}: ${amount}`),
      ...(Object.keys(unread).length > 0 ? [`  not read, so their imports are unknown: ${told(unread)}`] : []),
    ];
    return { value, text: lines.join('\n') };
  },
});

function languagesOf(graph: Graph): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const path of graph.files) {
    const title = languageOf(path)?.title ?? '';
    counts[title] = (counts[title] ?? 0) + 1;
  }
  return counts;
}

function told(unread: Record<string, number>): string {
  return Object.entries(unread)
    .map(([ending, amount]) => `${amount} ${ending}`)
    .join(', ');
}
