import { z } from 'zod';
import type { FileImpact } from '../../context/impact/impact.ts';
import { impactOfFiles } from '../../healer/fixes/read-context.ts';
import { withBench } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import type { Paint, Style } from '../output.ts';
import { repositoryPaths } from '../repository-paths.ts';

/** Longer lists are for `--json`. */
const SHOWN = 20;

export const impactCommand = command({
  name: 'impact',
  arguments: ['<files...>'],
  summary: 'who depends on these files, how risky a change is, and what covers them',
  options: [JSON_OPTION],
  input: z.object({ files: z.array(z.string()).min(1) }),
  run: ({ files }, call) =>
    withBench(call, async (bench) => {
      const impact = await impactOfFiles(bench, await repositoryPaths(call.cwd, files));
      const parts = Object.entries(impact.files).map(([file, found]) => describe(file, found, call.paint));
      return { value: impact, text: parts.join('\n\n') };
    }),
});

function describe(file: string, impact: FileImpact, paint: Paint): string {
  const { level, reasons } = impact.risk;
  const style: Style = level === 'high' ? 'red' : level === 'medium' ? 'yellow' : 'green';
  return [
    `${paint('bold', file)}  risk ${paint(style, level)}${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}`,
    list('used directly by', impact.direct),
    list('reached from', impact.transitive),
    list('scenarios', impact.scenarios),
    list('tests', impact.tests),
    list('not covered', impact.uncovered),
  ].join('\n');
}

function list(title: string, items: readonly string[]): string {
  const head = `  ${title} (${items.length})`;
  if (items.length === 0) return head;
  const more = items.length > SHOWN ? [`    … and ${items.length - SHOWN} more (--json lists all)`] : [];
  return [head, ...items.slice(0, SHOWN).map((item) => `    ${item}`), ...more].join('\n');
}
