/**
 * A report as blocks within a bound: how much of each thing is shown (a pull request's body is read on a screen, the file
 * keeps what had no room there), lists with an end, and what gives way where all of it is too much.
 */
import { reportPath } from './file.ts';

export interface Block {
  text: string;
  /** What it is, for the line that takes its place where there is no room. A block without it always stays. */
  spare?: string;
}

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
      ? `The whole report is \`${reportPath(incident)}\` where it was healed.`
      : 'The rows it was made from are in `.self-healing/state.db`.';
  return `${fitInto(blocks, SIZE[detail].room - 1, elsewhere)}\n`;
}

/** At most `room` characters, as long as the blocks that stay fit; `elsewhere` says where the whole report is. */
export function fitInto(blocks: readonly Block[], room: number, elsewhere: string): string {
  const left = blocks.map((block) => ({ ...block }));
  const joined = () => left.map(({ text }) => text).join('\n\n');
  for (;;) {
    const text = joined();
    if (text.length <= room) return text;
    const largest = left.reduce<Block | undefined>(
      (most, one) => (one.spare !== undefined && one.text.length > (most?.text.length ?? 0) ? one : most),
      undefined,
    );
    if (largest?.spare === undefined) return text;
    largest.text = `*Left out for want of room: ${largest.spare}, ${largest.text.length} characters. ${elsewhere}*`;
    delete largest.spare;
  }
}

/** A list with an end: the first few, and how many there are besides. Only what is shown is rendered. */
export function firstOf<T>(
  items: readonly T[],
  most: number,
  show: (item: T) => string,
  more: (left: number) => string = (left) => `- and ${left} more.`,
): string[] {
  const shown = items.slice(0, most).map(show);
  return items.length > most ? [...shown, more(items.length - most)] : shown;
}

/** A part that is unfolded by a click. `summary` is ours, never foreign text. */
export function folded(summary: string, text: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}
