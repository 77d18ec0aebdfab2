/**
 * What the product knows of a worktree it made: for which round of which incident, on which base. Kept outside the
 * repository, because the agent can write everything inside the worktree.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Repository } from '../../context/repository.ts';

const recordSchema = z.object({
  incident: z.string(),
  round: z.number(),
  /** Absolute path of the worktree. */
  path: z.string(),
  base: z.string(),
  /** The branch that a proposal is for; null when the base is a plain commit. */
  base_branch: z.string().nullable(),
});
export type WorktreeRecord = z.infer<typeof recordSchema>;

export async function readRecord(repository: Repository, incident: string): Promise<WorktreeRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(fileOf(repository, incident), 'utf8')));
  } catch {
    return undefined; // none, or unreadable: then the worktree counts as unknown and is made anew
  }
}

export async function listRecords(repository: Repository): Promise<WorktreeRecord[]> {
  const names = await readdir(join(repository.home, 'worktrees')).catch(() => []);
  const records = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map((name) => readRecord(repository, name.slice(0, -'.json'.length))),
  );
  return records.filter((record) => record !== undefined);
}

export async function writeRecord(repository: Repository, record: WorktreeRecord): Promise<void> {
  const file = fileOf(repository, record.incident);
  await mkdir(join(repository.home, 'worktrees'), { recursive: true });
  await writeFile(`${file}.${process.pid}`, JSON.stringify(record));
  await rename(`${file}.${process.pid}`, file);
}

export async function dropRecord(repository: Repository, incident: string): Promise<void> {
  await rm(fileOf(repository, incident), { force: true });
}

function fileOf(repository: Repository, incident: string): string {
  return join(repository.home, 'worktrees', `${incident}.json`);
}
