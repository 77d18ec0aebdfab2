/** The files that globs of absolute or relative paths name now. Folders are read only as far as the pattern needs. */
import { readdirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import picomatch from 'picomatch';

/** A pattern as wide as a whole disk is a mistake. */
const MOST_FILES = 10_000;
const MAGIC = /[*?[\]{}()!+@]/;

/** Sorted, each once. A name without wildcards is answered for whether or not it is there. */
export function filesOf(glob: string, cwd: string): string[] {
  const pattern = resolve(cwd, glob);
  if (!MAGIC.test(pattern)) return [pattern];
  const [first = '', ...parts] = pattern.split(sep);
  const found = new Set<string>();
  walk(first === '' ? sep : first, parts, found);
  return [...found].sort();
}

/** Whether the pattern is meant for that absolute path, there or not. */
export function covers(glob: string, cwd: string, path: string): boolean {
  const pattern = resolve(cwd, glob);
  return pattern === path || picomatch(pattern, { dot: true, nonegate: true })(path);
}

function walk(folder: string, parts: readonly string[], found: Set<string>): void {
  const [part = '', ...rest] = parts;
  if (found.size >= MOST_FILES) return;
  if (!MAGIC.test(part)) {
    if (rest.length > 0) walk(join(folder, part), rest, found);
    else if (entriesOf(folder).some((entry) => entry.name === part && !entry.isDirectory()))
      found.add(join(folder, part));
    return;
  }
  const any = part === '**';
  if (any) walk(folder, rest.length > 0 ? rest : ['*'], found);
  const isMatch = picomatch(any ? '*' : part, { dot: !any, nonegate: true });
  for (const entry of entriesOf(folder)) {
    if (!isMatch(entry.name)) continue;
    const path = join(folder, entry.name);
    if (rest.length === 0 && !any) {
      if (!entry.isDirectory()) found.add(path);
    } else if (entry.isDirectory()) walk(path, any ? parts : rest, found);
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
