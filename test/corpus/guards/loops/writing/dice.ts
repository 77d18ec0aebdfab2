/**
 * What changes from one run of a program to the next although nothing happened: times, ids, ports, addresses, temporary
 * paths. The same seed gives the same noise, so that a written run can be written again.
 */
export interface Dice {
  int(from: number, to: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  hex(digits: number): string;
  uuid(): string;
  /** A duration in milliseconds around `typical`, with two decimals. */
  ms(typical: number): string;
  seconds(typical: number): string;
  port(): number;
  temp(): string;
  /** The time of day as `HH:MM:SS`; it only moves forward. */
  clock(): string;
  /** The same moment as `clock()` told last, as ISO text with milliseconds. */
  moment(): string;
}

export function dice(seed: string): Dice {
  let state = 2_166_136_261;
  for (const letter of seed) state = Math.imul(state ^ letter.charCodeAt(0), 16_777_619);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const hex = (digits: number) => Array.from({ length: digits }, () => int(0, 15).toString(16)).join('');
  let time = Date.UTC(2026, 4, int(1, 28), int(7, 18), int(0, 59), int(0, 59), int(0, 999));
  const iso = () => new Date(time).toISOString();
  return {
    int,
    hex,
    pick: (choices) => choices[int(0, choices.length - 1)] ?? choices[0],
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[int(0, 3)]}${hex(3)}-${hex(12)}`,
    ms: (typical) => (typical * (0.7 + 0.6 * next())).toFixed(2),
    seconds: (typical) => (typical * (0.85 + 0.3 * next())).toFixed(2),
    port: () => int(32_768, 60_999),
    temp: () => `/tmp/${hex(8)}`,
    clock: () => {
      time += int(4_000, 40_000) + int(0, 999);
      return iso().slice(11, 19);
    },
    moment: iso,
  };
}
