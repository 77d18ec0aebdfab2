import { describe, expect, it } from 'vitest';
import { prorate } from '../src/proration.js';

const price = { cents: 2800, currency: 'EUR' as const };

describe('proration', () => {
  it('charges the whole month to an older contract', () => {
    expect(prorate(price, '2026-02', '2025-12-31').cents).toBe(2800);
  });

  it('charges the days from the first day on', () => {
    expect(prorate(price, '2026-02', '2026-02-15').cents).toBe(1400);
  });

  it('charges the whole month when the contract starts on its first day', () => {
    expect(prorate(price, '2026-02', '2026-02-01').cents).toBe(2800);
  });

  it('charges nothing before the contract', () => {
    expect(prorate(price, '2026-01', '2026-02-01').cents).toBe(0);
  });

  it('knows leap years', () => {
    expect(prorate({ ...price, cents: 2900 }, '2028-02', '2028-02-29').cents).toBe(100);
  });
});
