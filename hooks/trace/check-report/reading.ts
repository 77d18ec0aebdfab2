/** What one reader found in the output of a command. */
export interface Reading {
  /** Names of failing checks as the tool writes them, without durations and line numbers; empty when green. */
  failing: string[];
}

/** Null when the lines are not this tool's report. Lines have no colours and at most 2,000 characters. */
export type ReadsReport = (lines: readonly string[]) => Reading | null;

/**
 * A summary may count more failures than the output names (cut, or `| tail`): the unnamed ones count too, so that fewer
 * of them show as fewer.
 */
export function withUnnamed(names: readonly string[], count: number): string[] {
  const unique = [...new Set(names)];
  const unnamed = Math.min(count, 1000) - unique.length;
  return [...unique, ...Array.from({ length: Math.max(0, unnamed) }, (_, index) => `unnamed ${index + 1}`)];
}

/** The matches of a pattern's first group, one per line at most. */
export function named(lines: readonly string[], pattern: RegExp): string[] {
  return lines.flatMap((line) => {
    const name = pattern.exec(line)?.[1]?.trim();
    return name ? [name] : [];
  });
}

/** The sum of what the pattern's first group counts in all lines; null when no line matches. */
export function counted(lines: readonly string[], pattern: RegExp): number | null {
  const counts = lines.flatMap((line) => {
    const found = pattern.exec(line);
    return found ? [Number(found[1] ?? 0)] : [];
  });
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}
