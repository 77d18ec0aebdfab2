import { z } from 'zod';
import { contextOf } from '../../healer/fixes/read-context.ts';
import { withBench } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { repositoryPaths } from '../repository-paths.ts';

export const contextCommand = command({
  name: 'context',
  arguments: ['<files...>'],
  summary: 'what must not break around these files: scenarios, invariants, impact, past incidents',
  options: [JSON_OPTION],
  input: z.object({ files: z.array(z.string()).min(1) }),
  run: ({ files }, call) =>
    withBench(call, async (bench) => {
      const context = await contextOf(bench, { files: await repositoryPaths(call.cwd, files) });
      return { value: context, text: context.text };
    }),
});
