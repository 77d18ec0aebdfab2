/** The plan by which a task was done in parts: each subtask with its end, and what failed ones had changed. */
import type { Block, ReportSize } from './blocks.ts';
import type { ReportFacts, SubtaskFacts } from './facts.ts';
import { cell, code, fence, inert, oneLine } from './quote.ts';

/** Characters of one diff that was taken back. */
const DIFF = 4000;

export function planBlocks({ plan = [] }: Pick<ReportFacts, 'plan'>, { items }: Pick<ReportSize, 'items'>): Block[] {
  if (plan.length === 0) return [];
  const done = plan.filter(({ state }) => state === 'done').length;
  const rows = plan.map(
    ({ position, title, state, why }) =>
      `| ${position} | ${cell(title, 80)} | ${marked(state)} | ${inert(oneLine(why, 300)).replaceAll('|', '\\|')} |`,
  );
  const table = ['| | Subtask | | Why |', '|---|---|---|---|', ...rows].join('\n');
  const takenBack = plan.filter(({ diff }) => diff !== '').slice(0, items);
  return [
    {
      text: `**Done in parts,** because it failed as a whole; ${done} of ${plan.length} are in the tree:\n\n${table}`,
    },
    ...takenBack.map(({ position, title, diff }) => ({
      text: `Taken back, of subtask ${position} (${code(title, 80)}):\n\n${fence(diff, DIFF, 'diff')}`,
      spare: `what subtask ${position} had changed`,
    })),
  ];
}

function marked(state: SubtaskFacts['state']): string {
  return state === 'failed' ? '**failed**' : state;
}
