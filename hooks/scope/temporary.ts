/** What in the temporary folder is somebody else's: a checkout that stands there, another user's files. */
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInside } from './real-target.ts';

/** Whose file this is, as the rest of "… belongs to", or undefined when it is nobody's; both paths are real ones. */
export function ownerInTemporary(temporary: string, target: string): string | undefined {
  if (target === temporary) return 'everybody';
  const me = process.getuid?.();
  for (let at = target; at !== temporary && isInside(temporary, at); at = dirname(at)) {
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found && me !== undefined && found.uid !== me) return 'another user';
    if (found?.isDirectory() && lstatSync(join(at, '.git'), { throwIfNoEntry: false })) return `the checkout ${at}`;
  }
  return undefined;
}
