/** The disk as judging a command sees it: reads only, bounded. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { CommandFiles } from './policy.ts';

/** Of a script: as long a text as `readShell` takes. */
const MAX_BYTES = 200_000;
/** Of a pattern: each match is judged while the call waits. */
const MAX_MATCHES = 200;
const MAX_ENTRIES = 5_000;

export const diskFiles: CommandFiles = {
  isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  read(path) {
    try {
      const found = statSync(path);
      if (!found.isFile() || found.size > MAX_BYTES) return undefined;
      const text = readFileSync(path, 'utf8');
      return text.includes('\0') ? undefined : text;
    } catch {
      return undefined;
    }
  },
  matches(pattern) {
    try {
      return expand(pattern);
    } catch {
      return undefined;
    }
  },
};

/** Matches one folder level after the other, as the shell does; hidden files only where the pattern begins with a dot. */
function expand(pattern: string): string[] | undefined {
  let entries = 0;
  let paths: string[] = [sep];
  for (const part of pattern.split(sep).filter((one) => one !== '')) {
    if (part.includes('**') || /[(){}]/.test(part)) return undefined;
    if (!/[*?[]/.test(part)) {
      paths = paths.map((path) => join(path, part));
      continue;
    }
    const next: string[] = [];
    for (const path of paths) {
      if (!diskFiles.isFolder(path)) continue;
      const names = readdirSync(path);
      const pattern = asRegExp(part);
      entries += names.length;
      if (entries > MAX_ENTRIES) return undefined;
      next.push(
        ...names
          .filter((name) => (part.startsWith('.') || !name.startsWith('.')) && pattern.test(name))
          .map((name) => join(path, name)),
      );
      if (next.length > MAX_MATCHES) return undefined;
    }
    paths = next;
  }
  return paths;
}

function asRegExp(part: string): RegExp {
  const source = part.replace(/\[[!^]?[^\]/]+\]|[\s\S]/g, (one) => {
    if (one === '*') return '.*';
    if (one === '?') return '.';
    if (one.length > 1) return one.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return one.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}
