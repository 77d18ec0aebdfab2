/** What was noticed on the way, such as a remote that did not answer. */

import type { ReportFacts } from './facts.ts';
import { firstOf } from './first-of.ts';
import type { Block } from './fit-into.ts';
import { inert, oneLine } from './quote.ts';
import type { ReportSize } from './size.ts';

export function warningsBlock({ warnings }: Pick<ReportFacts, 'warnings'>, size: ReportSize): Block[] {
  if (warnings.length === 0) return [];
  const shown = firstOf(warnings, size.items, (text) => `- ${inert(oneLine(text, 500))}`);
  return [{ text: `**Noticed on the way:**\n\n${shown.join('\n')}`, spare: 'what was noticed on the way' }];
}
