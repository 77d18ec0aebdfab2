import { z } from 'zod';
import { problemText } from '../../context/document/problem.ts';
import { readWorkingLaw } from '../../context/law.ts';
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
      const { problems } = await readWorkingLaw(bench.repository.root);
      if (problems.length > 0) call.warn(`warning: entries with errors are missing below: ${problemText(problems)}`);
      const { shown: _, ...context } = await contextOf(bench, { files: await repositoryPaths(call.cwd, files) });
      return { value: context, text: context.text };
    }),
});
