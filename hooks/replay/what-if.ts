/** The thresholds of `detection.*` that `replay` tries beside the ones in force. */
import type { Config } from '../../context/schemas/config.ts';

export type Detection = Config['detection'];
export type Threshold = Exclude<keyof Detection, 'advice_in_other_sessions'>;

/** One threshold changed, all others as they are. */
export interface Variant {
  setting: `detection.${Threshold}`;
  value: number;
  detection: Detection;
}

/** Steps away from the value in force. */
const NEIGHBOURS: Readonly<Record<Threshold, readonly number[]>> = {
  repeat_warn: [-1, 1, 2],
  repeat_stop: [-1, 2],
  similarity_threshold: [-0.05, 0.05, 0.1],
  window: [-1, 1, 2],
  thrash: [-1, 1, 2],
  max_cycle: [-2, 3],
};

export const THRESHOLDS = Object.keys(NEIGHBOURS) as Threshold[];

export function variantsOf(detection: Detection): Variant[] {
  return THRESHOLDS.flatMap((threshold) =>
    NEIGHBOURS[threshold]
      .map((step) => Math.round((detection[threshold] + step) * 1000) / 1000)
      .filter((value) => makesSense(threshold, value, detection))
      .map((value) => ({
        setting: `detection.${threshold}` as const,
        value,
        detection: { ...detection, [threshold]: value },
      })),
  );
}

/** One of anything is no repetition, and a stop comes after its warning. */
function makesSense(threshold: Threshold, value: number, detection: Detection): boolean {
  switch (threshold) {
    case 'similarity_threshold':
      return value > 0 && value < 1;
    case 'max_cycle':
      return value >= 1;
    case 'repeat_warn':
      return value >= 2 && value < detection.repeat_stop;
    case 'repeat_stop':
      return value > detection.repeat_warn;
    case 'window':
    case 'thrash':
      return value >= 2;
    default:
      return threshold satisfies never;
  }
}
