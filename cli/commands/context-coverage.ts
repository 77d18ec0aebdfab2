import { z } from 'zod';
import { type Coverage, coverage } from '../../context/coverage.ts';
import { problemText } from '../../context/document/problem.ts';
import { buildGraph } from '../../context/impact/graph.ts';
import { folderSources } from '../../context/impact/sources.ts';
import { readWorkingLaw } from '../../context/law.ts';
import { openRepository } from '../../context/repository.ts';
import { command, JSON_OPTION } from '../command.ts';
import type { Paint } from '../output.ts';

export const contextCoverageCommand = command({
  name: 'context coverage',
  summary: 'files with incidents, risk or many dependents that no scenario executes, most urgent first',
  options: [JSON_OPTION, ['--limit <n>', 'list at most so many files (default: 50)']],
  input: z.object({ limit: z.coerce.number().int().positive().max(100_000).default(50) }),
  async run({ limit }, call) {
    const { root } = await openRepository(call.cwd);
    const law = await readWorkingLaw(root);
    if (law.problems.length > 0)
      call.warn(`warning: entries with errors are not counted: ${problemText(law.problems)}`);
    const sources = await folderSources(root, { signal: call.signal });
    const graph = buildGraph({ ...sources, edges: law.impactMap.edges });
    const value = coverage(law, graph, sources.files, { limit });
    return { value, text: describe(value, call.paint) };
  },
});

function describe({ files, counts, left_out }: Coverage, paint: Paint): string {
  const all = counts.covered + counts.uncovered;
  if (all === 0) return 'No file has incidents, a risk or many dependents.';
  const lines = files.map(
    ({ file, reasons, tested }) =>
      `${paint('bold', file)}  ${reasons.join('; ')}${tested ? '' : `; ${paint('yellow', 'no test reaches it')}`}`,
  );
  if (left_out > 0) lines.push(`… and ${left_out} more (--limit ${files.length + left_out} lists all)`);
  return [
    ...lines,
    `${counts.covered} of ${all} files with incidents, a risk or many dependents have a scenario that runs.`,
  ].join('\n');
}
