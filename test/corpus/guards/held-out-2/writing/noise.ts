/** What is different each time a program runs: durations, clocks, ids. Seeded, so that a run is written the same way again. */
export class Noise {
  #state: number;
  #clock = Date.UTC(2026, 4, 12, 9, 14, 3);

  constructor(seed: string) {
    let hash = 2166136261;
    for (const char of seed) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619);
    this.#state = hash >>> 0;
  }

  int(from: number, to: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return from + Math.floor((this.#state / 2 ** 32) * (to - from + 1));
  }

  hex(length: number): string {
    return Array.from({ length }, () => this.int(0, 15).toString(16)).join('');
  }

  /** Seconds with two digits: `1.42`. */
  seconds(from = 0, to = 3): string {
    return `${this.int(from, to)}.${this.int(10, 99)}`;
  }

  /** A later moment each time, as ISO text. */
  now(step = this.int(4, 40)): string {
    this.#clock += step * 1000 + this.int(0, 999);
    return new Date(this.#clock).toISOString();
  }

  clock(step?: number): string {
    return this.now(step).slice(11, 19);
  }
}
