/**
 * How a command of the same user finds the `serve` of this repository: a file with its address and a secret of that process,
 * readable by nobody else. So a terminal needs no token, and a process that may not read the file decides nothing.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { bornAt, isAlive } from '../../store/alive.ts';

const noteSchema = z.object({ url: z.url(), secret: z.string().min(32), pid: z.number(), born: z.string() });
export type LocalServe = z.infer<typeof noteSchema>;

/** The guards keep agents from reading a file of this name. */
const NAME = 'serve.key.json';

export function newSecret(): string {
  return randomBytes(32).toString('hex');
}

export async function announceServe(
  home: string,
  { url, secret }: { url: string; secret: string },
): Promise<() => Promise<void>> {
  const file = join(home, NAME);
  const note: LocalServe = { url, secret, pid: process.pid, born: bornAt(process.pid) ?? '' };
  await mkdir(home, { recursive: true });
  await rm(`${file}.new`, { force: true });
  await writeFile(`${file}.new`, JSON.stringify(note), { mode: 0o600, flag: 'wx' });
  await rename(`${file}.new`, file);
  return async () => {
    if ((await read(file))?.secret === secret) await rm(file, { force: true });
  };
}

/** Undefined when none runs here, or the file could be somebody else's work. */
export async function localServe(home: string): Promise<LocalServe | undefined> {
  const note = await read(join(home, NAME));
  if (note === undefined || !isAlive(note.pid)) return undefined;
  return process.platform === 'linux' && bornAt(note.pid) !== note.born ? undefined : note;
}

async function read(file: string): Promise<LocalServe | undefined> {
  try {
    const { mode, uid } = await stat(file);
    const own = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
    return own ? noteSchema.parse(JSON.parse(await readFile(file, 'utf8'))) : undefined;
  } catch {
    return undefined; // none, or half of one
  }
}
