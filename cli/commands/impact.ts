import { z } from 'zod';
import { impactTreesOf } from '../../healer/fixes/read-context.ts';
import { withBench } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { impactText } from '../formats/impact-text.ts';
import { repositoryPaths } from '../repository-paths.ts';

export const impactCommand = command({
  name: 'impact',
  arguments: ['<files...>'],
  summary: 'who depends on these files, how risky a change is, and what covers them',
  options: [JSON_OPTION],
  input: z.object({ files: z.array(z.string()).min(1) }),
  run: ({ files }, call) =>
    withBench(call, async (bench) => {
      const { impact, trees } = await impactTreesOf(bench, await repositoryPaths(call.cwd, files));
      const parts = Object.entries(impact.files).map(([file, found]) => impactText(file, found, trees.get(file), call));
      return { value: impact, text: parts.join('\n\n') };
    }),
});
