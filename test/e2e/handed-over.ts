/** A cheat, played from the log of the real service to the end of `heal`: it is handed over, and nothing of it is published. */
import { expect } from 'vitest';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix } from '../../cli/demo/play.ts';
import { expectUntouched, heal } from './healed.ts';
import { UNVERIFIED } from './plays/acts.ts';
import type { Cheat } from './plays/cheats.ts';
import { setStage } from './stage.ts';

const ONE_ATTEMPT = 'recovery: { corrective_retries: 0, decompose: false }';

export async function expectHandedOver(cheat: Cheat, expected: { exit: number; failureMode: string }): Promise<void> {
  const { sample = 'node-orders', part = ORDERS_PART, overrides, overlay = {} } = cheat;
  const stage = await setStage(sample, { origin: true, overlay, config: ONE_ATTEMPT });
  try {
    const refs = await stage.git(['for-each-ref'], stage.origin);
    const { exit, result, report, stderr } = await heal(stage, honestFix(part, { ...UNVERIFIED, ...overrides }));
    expect(result).toMatchObject({
      status: 'escalated',
      verdict: cheat.verdict,
      failure_mode: expected.failureMode,
    });
    expect(report).toContain(cheat.code);
    if (cheat.lift) expect(report).toContain(`\`${cheat.lift.replace(/ +/g, ' ')}\``);
    if (cheat.lift) expect(stderr).toContain(`Only a person may lift it: \`${cheat.lift}\``);
    expect(exit).toBe(expected.exit);
    expect(await stage.git(['for-each-ref'], stage.origin)).toBe(refs);
    await expectUntouched(stage, cheat.touches);
  } finally {
    await stage.remove();
  }
}
