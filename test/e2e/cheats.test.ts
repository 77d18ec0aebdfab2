/** Dishonest fixes, in the real client: what the guards let pass the gate stops, with its verdict, its reason and its exit code. */
import { afterEach, describe, expect, it } from 'vitest';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix } from '../../cli/demo/play.ts';
import { expectUntouched, heal } from './healed.ts';
import { UNVERIFIED } from './plays/acts.ts';
import { CHEATS } from './plays/cheats.ts';
import { type Stage, setStage } from './stage.ts';

const ONE_ATTEMPT = 'recovery: { corrective_retries: 0 }';

let stage: Stage;
afterEach(() => stage.remove());

describe('a dishonest fix is handed over, not proposed', () => {
  it.each(CHEATS)(
    '$name: $verdict',
    async ({ sample = 'node-orders', part = ORDERS_PART, overrides, overlay, ...expected }) => {
      stage = await setStage(sample, { origin: true, ...(overlay ? { overlay } : {}), config: ONE_ATTEMPT });
      const refs = await stage.git(['for-each-ref'], stage.origin);
      const { exit, result, report } = await heal(stage, honestFix(part, { ...UNVERIFIED, ...overrides }));
      expect(result).toMatchObject({ status: 'escalated', verdict: expected.verdict });
      expect(report).toContain(expected.code);
      expect(result.failure_mode).toBe(expected.verdict === 'refuse' ? 'refused' : 'verification');
      expect(exit).toBe(expected.verdict === 'refuse' ? 4 : 3);
      expect(await stage.git(['for-each-ref'], stage.origin)).toBe(refs);
      await expectUntouched(stage, expected.touches);
    },
  );
});
