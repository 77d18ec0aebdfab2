/**
 * A person who has activated a virtual environment has it on PATH: there it is that of the main checkout. In a checkout
 * that mirrors it, its own stands in for it, so that a bare `pytest` imports what is judged.
 */
import { readlink, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

const ENVIRONMENTS = ['.venv', 'venv'];

export async function activatedPath(path: string, checkout: string): Promise<string> {
  const ours = new Map<string, string>();
  for (const name of ENVIRONMENTS) {
    const programs = join(checkout, name, 'bin');
    const python = await readlink(join(programs, 'python')).catch(() => undefined);
    if (python !== undefined) ours.set(dirname(python), programs);
  }
  if (ours.size === 0) return path;
  const entries = path.split(delimiter).map(async (entry) => {
    const real = await realpath(entry).catch(() => entry);
    return ours.get(real) ?? entry;
  });
  return (await Promise.all(entries)).join(delimiter);
}
