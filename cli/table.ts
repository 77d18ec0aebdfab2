/** Lists for people: columns aligned, no line longer than the terminal. */

/** The last column gets what is left and is clipped. */
export function table(rows: ReadonlyArray<readonly string[]>, columns: number): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) => {
      const cells = row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)));
      return clip(cells.join('  ').trimEnd(), columns);
    })
    .join('\n');
}

/** One line of at most `columns` characters. */
export function clip(text: string, columns: number): string {
  const line = text.replace(/\s*\n\s*/g, ' ');
  return line.length <= columns ? line : `${line.slice(0, Math.max(1, columns - 1))}…`;
}

/** Rows whose last column is wrapped below itself, so that nothing of it is lost. */
export function wrapped(rows: ReadonlyArray<readonly string[]>, columns: number): string {
  const last = Math.max(...rows.map((row) => row.length)) - 1;
  const widths = Array.from({ length: last }, (_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const indent = widths.reduce((sum, width) => sum + width + 2, 0);
  return rows
    .map((row) => {
      const head = widths.map((width, at) => `${(row[at] ?? '').padEnd(width)}  `).join('');
      const lines = wrap(row[last] ?? '', Math.max(20, columns - indent));
      return lines.map((line, at) => ((at === 0 ? head : ' '.repeat(indent)) + line).trimEnd()).join('\n');
    })
    .join('\n');
}

/** Broken between words; a word that is longer than a line stays whole. */
function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.trim().split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** `12 s`, `3 min`, `5 h`, `2 d`. */
export function ago(from: string, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(from)) / 1000));
  if (Number.isNaN(seconds)) return '?';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
