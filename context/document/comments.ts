/** Comments that stand directly above what begins at an offset, line by line, without their `#`. */
export function commentsAbove(source: string, offset: number): string[] {
  const before = source.slice(0, offset).split('\n').slice(0, -1);
  const lines: string[] = [];
  for (let line = before.pop(); line !== undefined && /^\s*#/.test(line); line = before.pop()) lines.unshift(line);
  return lines.map((line) => line.replace(/^\s*#+\s?/, '').trim());
}
