/** One watcher per state folder: two would deliver everything twice. The mark of one that was killed does not count. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../events/errors.ts';
import { bornAt, isAlive } from '../../store/alive.ts';

/** Answers with what gives the folder back. Throws UserError while another process has it. */
export function takeFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'watcher.pid');
  const own = `${process.pid} ${bornAt(process.pid) ?? ''}`;
  for (;;) {
    try {
      writeFileSync(path, own, { flag: 'wx', mode: 0o600 });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = holderOf(path);
    if (holder !== undefined)
      throw new UserError(
        `Another watcher (process ${holder}) keeps its places in ${folder}.`,
        'End that one first, or give this one a folder of its own with SELF_HEALING_HOME.',
        'not_allowed',
      );
    rmSync(path, { force: true });
  }
}

function holderOf(path: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const [pid = '', ...start] = text.split(' ');
  const id = Number(pid);
  if (!(id > 0) || id === process.pid || !isAlive(id)) return undefined;
  // The number may have gone to another program since.
  return (bornAt(id) ?? '') === start.join(' ') ? id : undefined;
}
