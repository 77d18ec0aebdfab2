/** One labelled piece of text, and the dice that made it. */
export interface Sample {
  /** What it is of: the kind of secret, or the kind of innocent text. */
  kind: string;
  /** The file that it could stand in. */
  path: string;
  text: string;
}

export const HEX = '0123456789abcdef';
export const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const LOWER = UPPER.toLowerCase();
export const DIGITS = '0123456789';
export const BASE62 = UPPER + LOWER + DIGITS;
export const URL_SAFE = `${BASE62}-_`;
export const BASE64 = `${BASE62}+/`;

export interface Dice {
  /** 0 up to, not including, `below`. */
  number(below: number): number;
  of(alphabet: string, length: number): string;
  pick<T>(values: readonly T[]): T;
}

/** The same seed gives the same samples, on every machine (mulberry32). */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const number = (below: number) => Math.floor(next() * below);
  return {
    number,
    of: (alphabet, length) => Array.from({ length }, () => alphabet[number(alphabet.length)]).join(''),
    pick: (values) => {
      const value = values[number(values.length)];
      if (value === undefined) throw new Error('Nothing to pick from.');
      return value;
    },
  };
}
