/** Chance that is the same every time: the corpus is made again byte by byte from its seeds. */
import { createHash } from 'node:crypto';

export class Chance {
  readonly #seed: string;
  #drawn = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** Whole number from `low` to `high`, both included. */
  number(low: number, high: number): number {
    return low + (this.#draw().readUInt32BE(0) % (high - low + 1));
  }

  pick<Item>(items: readonly Item[]): Item {
    const found = items[this.number(0, items.length - 1)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  hex(length: number): string {
    return this.#draw().toString('hex').slice(0, length);
  }

  #draw(): Buffer {
    this.#drawn += 1;
    return createHash('sha256').update(`${this.#seed}/${this.#drawn}`).digest();
  }
}
