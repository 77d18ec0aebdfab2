/** Whether files and folders are the ones that were read before, told without reading them. */
import { lstatSync, type Stats } from 'node:fs';

/** Two changes within one tick of a file system's clock look like one, so what changed just now cannot be told. */
const JUST_NOW_MS = 2000;
const FIELDS = 5;

export interface FileStamps {
  paths: readonly string[];
  /** For each path its times, size, number and kind; zeros where there is nothing. */
  numbers: Float64Array;
}

/**
 * Undefined where one of them changed so lately that another change may bear the same times. `since`: when it began to be
 * read what these paths hold, or which paths there are; what changed after that is not known either.
 */
export function takeStamps(paths: readonly string[], since = Date.now()): FileStamps | undefined {
  const numbers = new Float64Array(paths.length * FIELDS);
  const lately = since - JUST_NOW_MS;
  for (const [at, path] of paths.entries()) {
    const status = statusOf(path);
    if (!status) continue;
    if (Math.max(status.mtimeMs, status.ctimeMs) > lately) return undefined;
    numbers.set([status.mtimeMs, status.ctimeMs, status.size, status.ino, status.mode], at * FIELDS);
  }
  return { paths, numbers };
}

/** Looks at all of them again, now. */
export function stillThere({ paths, numbers }: FileStamps): boolean {
  return paths.every((path, index) => {
    const at = index * FIELDS;
    const status = statusOf(path);
    if (!status) return numbers[at + 3] === 0;
    return (
      status.mtimeMs === numbers[at] &&
      status.ctimeMs === numbers[at + 1] &&
      status.size === numbers[at + 2] &&
      status.ino === numbers[at + 3] &&
      status.mode === numbers[at + 4]
    );
  });
}

function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
