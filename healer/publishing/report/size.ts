/** How much of each thing a report shows: a pull request's body is read on a screen, the file keeps what had no room there. */
import type { Block } from './fit-into.ts';
import { fitInto } from './fit-into.ts';

export type Detail = 'body' | 'file';

export interface ReportSize {
  /** Characters of the whole report. GitHub takes 65,536. */
  room: number;
  /** Characters of one passage in an agent's words. */
  words: number;
  /** Characters of the end of an output. */
  tail: number;
  /** Findings, changed files and commands, each. */
  items: number;
  /** Lines of the source change; a longer one is not shown. */
  diffLines: number;
}

export const SIZE: Record<Detail, ReportSize> = {
  body: { room: 60_000, words: 1500, tail: 1500, items: 20, diffLines: 60 },
  file: { room: 1_000_000, words: 20_000, tail: 8000, items: 500, diffLines: 400 },
};

/** The blocks as one text that ends with its trailer, within the room there is. */
export function assemble(blocks: readonly Block[], incident: string, detail: Detail): string {
  const elsewhere =
    detail === 'body'
      ? `The whole report is \`.self-healing/reports/${incident}.md\` where it was healed.`
      : 'The rows it was made from are in `.self-healing/state.db`.';
  return `${fitInto(blocks, SIZE[detail].room - 1, elsewhere)}\n`;
}
