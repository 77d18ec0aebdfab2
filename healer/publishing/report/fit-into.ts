/** Puts the parts of a report together within a bound: the largest of those that can be spared give way to a line. */

export interface Block {
  text: string;
  /** What it is, for the line that takes its place where there is no room. A block without it always stays. */
  spare?: string;
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

/** A part that is unfolded by a click. `summary` is ours, never foreign text. */
export function folded(summary: string, text: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}
