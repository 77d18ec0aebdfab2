/** Output of a process, bounded: the beginning and the end are kept, the middle is counted and left out. */

export interface KeptOutput {
  add(text: string): void;
  /** What was kept, with one line in place of what was left out. */
  text(): string;
  /** Characters left out so far; 0 means `text()` is complete. */
  dropped(): number;
}

/** Keeps at most `limit` characters: a quarter for the beginning, the rest for the end, where failures are told. */
export function keepOutput(limit: number): KeptOutput {
  const headLimit = Math.floor(limit / 4);
  const tailLimit = limit - headLimit;
  let head = '';
  const tail: string[] = [];
  let tailLength = 0;
  let dropped = 0;

  return {
    add(text) {
      const toHead = text.slice(0, headLimit - head.length);
      head += toHead;
      const rest = text.slice(toHead.length);
      if (rest === '') return;
      tail.push(rest);
      tailLength += rest.length;
      while (tailLength > tailLimit) {
        const first = tail[0] ?? '';
        const over = tailLength - tailLimit;
        const cut = Math.min(over, first.length);
        if (cut === first.length) tail.shift();
        else tail[0] = first.slice(cut);
        tailLength -= cut;
        dropped += cut;
      }
    },
    text() {
      const end = tail.join('');
      return dropped === 0 ? head + end : `${head}\n[… ${dropped} characters left out …]\n${end}`;
    },
    dropped: () => dropped,
  };
}
