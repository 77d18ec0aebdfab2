/** The one comment of ours on a pull request: how it stands, and where it is to be merged by itself, what that hangs on. */
import type { Proposal } from '../../store/proposals.ts';
import { incidentTrailer } from '../publishing/commit.ts';
import { inert, oneLine } from '../publishing/report/quote.ts';
import type { Condition } from './auto-merge.ts';

/** By which it is known again. */
export function commentMark({ incident, round }: Pick<Proposal, 'incident' | 'round'>): string {
  return `<!-- self-healing: ${incidentTrailer(incident, round)} -->`;
}

export function commentText(
  proposal: Pick<Proposal, 'incident' | 'round'>,
  { line, conditions }: { line: string; conditions?: readonly Condition[] | undefined },
): string {
  return [
    commentMark(proposal),
    `**How it stands:** ${inert(oneLine(line, 1000))}.`,
    ...(conditions ? ['', ...conditionRows(conditions)] : []),
    '',
  ].join('\n');
}

/** A table in Markdown. */
export function conditionRows(conditions: readonly Condition[]): string[] {
  const plain = (text: string) => inert(oneLine(text, 200)).replaceAll('|', '\\|');
  return [
    '| Merged without a person when | | |',
    '|---|---|---|',
    ...conditions.map(({ name, holds, found }) => `| ${plain(name)} | ${holds ? 'yes' : '**no**'} | ${plain(found)} |`),
  ];
}
