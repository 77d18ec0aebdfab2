/**
 * What was read and not yet delivered, on disk. A batch and the places up to which the logs were read are one file, written
 * beside and renamed: after a crash either both are there or neither, so that no line is read twice for two batches and none
 * is lost between them. A full spool takes nothing more; the logs themselves are the queue then.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ErrorEvent, eventSchema } from '../../events/event.ts';
import { type Position, positionSchema } from './log-files.ts';

export const SPOOL_BYTES = 64 * 1024 * 1024;
/** Batches that the receiver will never take, kept for a person. */
const MOST_REFUSED = 100;
const BATCH_NAME = /^\d{12}\.json$/;

const checkpointSchema = z.object({ sequence: z.number().int(), positions: z.array(positionSchema) });
const roundSchema = checkpointSchema.extend({
  batches: z.array(z.object({ id: z.string(), events: z.array(eventSchema) })),
});

/** What is delivered at once, under an id of its own. */
export interface Batch {
  id: string;
  events: ErrorEvent[];
}

/** What was read in one go: one file, and as many deliveries as its size asks for. */
export interface Round {
  sequence: number;
  batches: Batch[];
}

export class Spool {
  readonly #folder: string;
  readonly #limit: number;
  #sequence = 0;
  #bytes = 0;
  #positions: readonly Position[];

  /** Throws where the folder cannot be written. */
  constructor(folder: string, limit = SPOOL_BYTES) {
    this.#folder = folder;
    this.#limit = limit;
    mkdirSync(join(folder, 'refused'), { recursive: true, mode: 0o700 });
    let last = read(this.#checkpoint, checkpointSchema) ?? { sequence: 0, positions: [] };
    for (const name of this.#names()) {
      this.#bytes += statSync(join(folder, name)).size;
      const round = read(join(folder, name), roundSchema);
      if (round && round.sequence > last.sequence) last = round;
    }
    this.#sequence = last.sequence;
    this.#positions = last.positions;
  }

  /** Where reading goes on. */
  get positions(): readonly Position[] {
    return this.#positions;
  }

  get isFull(): boolean {
    return this.#bytes >= this.#limit;
  }

  /** On disk when this returns. The ids of the events are those of their batch from now on. */
  commit(batches: readonly (readonly ErrorEvent[])[], positions: readonly Position[]): void {
    const sequence = ++this.#sequence;
    const named = batches.map((events) => {
      const id = randomUUID();
      return { id, events: events.map((event, at) => ({ ...event, id: `${id}-${at}` })) };
    });
    const path = join(this.#folder, nameOf(sequence));
    writeWhole(path, JSON.stringify({ sequence, positions, batches: named }));
    this.#positions = positions;
    this.#bytes += statSync(path).size;
  }

  /** Where reading goes on when nothing was found on the way there. */
  remember(positions: readonly Position[]): void {
    writeWhole(this.#checkpoint, JSON.stringify({ sequence: this.#sequence, positions }));
    this.#positions = positions;
  }

  /** The oldest round that waits. */
  next(): Round | undefined {
    for (const name of this.#names()) {
      const round = read(join(this.#folder, name), roundSchema);
      if (round) return round;
      // Not of our making: whole files only are ever renamed to such a name.
      renameSync(join(this.#folder, name), join(this.#folder, 'refused', name));
    }
    return undefined;
  }

  /** The places it was read up to are written first: the file that held them is gone afterwards. */
  delivered({ sequence }: Round): void {
    this.remember(this.#positions);
    this.#drop(sequence, (path) => rmSync(path, { force: true }));
  }

  /** Kept aside, so that those behind it come through. */
  refused({ sequence }: Round): void {
    this.remember(this.#positions);
    this.#drop(sequence, (path) => renameSync(path, join(this.#folder, 'refused', nameOf(sequence))));
    const kept = readdirSync(join(this.#folder, 'refused')).sort();
    for (const name of kept.slice(0, -MOST_REFUSED)) rmSync(join(this.#folder, 'refused', name), { force: true });
  }

  #drop(sequence: number, away: (path: string) => void): void {
    const path = join(this.#folder, nameOf(sequence));
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    away(path);
    this.#bytes = Math.max(0, this.#bytes - size);
  }

  get #checkpoint(): string {
    return join(this.#folder, 'checkpoint.json');
  }

  #names(): string[] {
    return readdirSync(this.#folder)
      .filter((name) => BATCH_NAME.test(name))
      .sort();
  }
}

function nameOf(sequence: number): string {
  return `${String(sequence).padStart(12, '0')}.json`;
}

function read<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** The file is whole or not there, also when the machine loses power. */
function writeWhole(path: string, text: string): void {
  const beside = `${path}.new`;
  const fd = openSync(beside, 'w', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(beside, path);
  const folder = openSync(join(path, '..'), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
