import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../events/log-line/time.ts';

describe('parseTime', () => {
  it.each([
    ['2024-01-02T03:04:05.678Z', '2024-01-02T03:04:05.678Z'],
    ['2024-01-02T03:04:05.678901+02:00', '2024-01-02T01:04:05.678Z'],
    ['2024-01-02 03:04:05,6', '2024-01-02T03:04:05.600Z'],
    ['2024-01-02 03:04', '2024-01-02T03:04:00.000Z'],
    ['2024/01/02 03:04:05', '2024-01-02T03:04:05.000Z'],
    ['02/Jan/2024:03:04:05 -0100', '2024-01-02T04:04:05.000Z'],
    ['02-Jan-2024 03:04:05 UTC', '2024-01-02T03:04:05.000Z'],
    ['Tue Jan 02 2024 03:04:05 GMT+0000 (Coordinated Universal Time)', '2024-01-02T03:04:05.000Z'],
    ['Tue, 02 Jan 2024 03:04:05 GMT', '2024-01-02T03:04:05.000Z'],
    [1704164645, '2024-01-02T03:04:05.000Z'],
    [1704164645678, '2024-01-02T03:04:05.678Z'],
    ['1704164645678', '2024-01-02T03:04:05.678Z'],
    [1704164645678000000, '2024-01-02T03:04:05.678Z'],
  ])('%s', (value, iso) => {
    expect(parseTime(value)).toBe(iso);
  });

  it.each(['03:04:05', 'Jan  2 03:04:05', '0001-01-01 00:00:00', 'soon', '', 12, Number.NaN, null, {}])(
    'none: %j',
    (value) => {
      expect(parseTime(value)).toBeUndefined();
    },
  );

  it('is a valid time or none for any value', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double(), fc.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)),
        (value) => {
          const iso = parseTime(value);
          if (iso !== undefined) expect(new Date(iso).toISOString()).toBe(iso);
        },
      ),
    );
  });
});
