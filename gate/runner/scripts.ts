/** The scripts of a folder's package.json; undefined when there is none that can be read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function readScripts(folder: string): Record<string, string> | undefined {
  try {
    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts?: unknown };
    return Object.fromEntries(
      Object.entries(scripts ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return undefined;
  }
}
