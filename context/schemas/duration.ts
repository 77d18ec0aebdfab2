/** Durations as people write them: `600s`, `10m`, `1h`, `1d`, `250ms`, or a bare number of seconds. Parsed to milliseconds. */
import { z } from 'zod';

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const WRITTEN = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/;

/** Input: text with a unit, as on a command line. Output: milliseconds. */
export const durationTextSchema = z
  .string()
  .trim()
  .regex(WRITTEN, 'Expected a duration such as 30s, 10m or 1h')
  .transform((written) => {
    const [, amount = '0', unit = 's'] = WRITTEN.exec(written) ?? [];
    return Math.round(Number(amount) * (UNITS[unit] ?? 1000));
  });
const seconds = z
  .number()
  .nonnegative()
  .transform((amount) => Math.round(amount * 1000));

/** Input: text with a unit, or seconds. Output: milliseconds. */
export const durationSchema = z.union([durationTextSchema, seconds]);
