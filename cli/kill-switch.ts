/** The file that stops all healing in a repository while it is there: `healer/heal/pause.ts` looks for it. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

function fileIn(root: string): string {
  return join(root, '.self-healing', 'PAUSE');
}

export async function switchOn(root: string): Promise<void> {
  const file = fileIn(root);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, 'Healing is paused while this file is here. `self-healing resume` removes it.\n');
}

export function switchOff(root: string): Promise<void> {
  return rm(fileIn(root), { force: true });
}
