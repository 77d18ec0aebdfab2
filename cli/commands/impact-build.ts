import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { buildGraph } from '../../context/impact/graph.ts';
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
    const value = { files: graph.files.length, edges: graph.edges, seconds };
    return { value, text: `${value.files} source files, ${value.edges} edges, ${seconds.toFixed(2)} s` };
  },
});
