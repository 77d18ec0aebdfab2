/**
 * The right to work on one incident: held by one process, renewed while it lives, freed at once when its holder is known
 * to be dead. A heartbeat notices a lost lease; whoever works under it asks `lost()` before anything final.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { bornAt, isAlive } from '../../store/alive.ts';
import type { IncidentStore } from '../../store/incidents.ts';
import type { IncidentStatus } from '../../store/states.ts';

/** Long enough for a process that is busy for a while, short enough that a dead machine does not block for long. */
export const LEASE_MS = 90_000;
const BEAT_MS = 30_000;
const IN_WORK: readonly IncidentStatus[] = ['detected', 'queued', 'healing', 'verified', 'awaiting_publish'];

export interface HeldLease {
  incident: string;
  holder: string;
  /** Another process has it now; nothing final may be done any more. */
  lost(): boolean;
  release(): Promise<void>;
}

export type LeaseResult = { held: true; lease: HeldLease } | { held: false; by: string | undefined };

const noteSchema = z.object({ holder: z.string(), host: z.string(), pid: z.number(), born: z.string() });
type Note = z.infer<typeof noteSchema>;

/**
 * `home` is the product's folder of this repository: who holds a lease is noted there, for the next process to look at.
 * `holder`: who may have it already, and then goes on with it.
 */
export async function holdLease(
  incidents: IncidentStore,
  home: string,
  incident: string,
  holder: string = randomUUID(),
): Promise<LeaseResult> {
  const folder = join(home, 'leases');
  const file = join(folder, `${incident}.json`);
  const note: Note = { holder, host: hostname(), pid: process.pid, born: bornAt(process.pid) ?? '' };
  if (!(await incidents.acquireLease(incident, note.holder, LEASE_MS))) {
    const other = await readNote(file);
    if (other && isGone(other)) await incidents.releaseLease(incident, other.holder);
    if (!(await incidents.acquireLease(incident, note.holder, LEASE_MS)))
      return { held: false, by: other && `process ${other.pid} on ${other.host}` };
  }
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.${note.holder}`, JSON.stringify(note));
  await rename(`${file}.${note.holder}`, file);

  let lost = false;
  const renew = async () => {
    const record = await incidents.get(incident);
    // Somebody ended the work from outside (a stop gate, a person): the next one need not wait for this process.
    if (record && !IN_WORK.includes(record.status)) await incidents.releaseLease(incident, note.holder);
    else lost ||= !(await incidents.renewLease(incident, note.holder, LEASE_MS));
  };
  // A busy database is asked again at the next beat; the lease outlives two of them.
  const beat = setInterval(() => void renew().catch(() => {}), BEAT_MS);
  beat.unref();
  return {
    held: true,
    lease: {
      incident,
      holder: note.holder,
      lost: () => lost,
      async release() {
        clearInterval(beat);
        await incidents.releaseLease(incident, note.holder);
        if ((await readNote(file))?.holder === note.holder) await rm(file, { force: true });
      },
    },
  };
}

async function readNote(file: string): Promise<Note | undefined> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined; // none, or unreadable: then the lease's own expiry decides
  }
}

/** True only when it is certain: same machine, and no process of that number that was born at that time. */
function isGone(note: Note): boolean {
  if (note.host !== hostname()) return false;
  if (!isAlive(note.pid)) return true;
  return process.platform === 'linux' && bornAt(note.pid) !== note.born;
}
