/** Other pull requests for the same incident or the same files. */
import { type Block, firstOf, type ReportSize } from './blocks.ts';
import type { RelatedProposal, ReportFacts } from './facts.ts';
import { someFiles } from './place.ts';
import { code, inert, oneLine } from './quote.ts';

export function relatedBlock({ related = [], web }: ReportFacts, size: ReportSize): Block[] {
  if (related.length === 0) return [];
  const lines = firstOf(related, Math.min(10, size.items), (one) => relatedLine(one, web));
  return [{ text: `**Related pull requests:**\n\n${lines.join('\n')}`, spare: 'related pull requests' }];
}

function relatedLine({ url, title, state, why, files = [] }: RelatedProposal, web: string | undefined): string {
  const named = inert(oneLine(title, 120)) || 'without a title';
  // Of this repository alone; whatever else the address may be is no link.
  const ours = web !== undefined && url.startsWith(`${web}/pull/`) && /^\d{1,12}$/.test(url.slice(web.length + 6));
  const link = ours ? `[${named}](${url})` : `${named} (${code(url)})`;
  const shared = files.length > 0 ? `: ${someFiles(files, 5)}` : '';
  return `- ${link}, ${inert(oneLine(state, 20))}, ${why}${shared}`;
}
