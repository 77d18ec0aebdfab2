/** A person's session: `/self-healing:heal` sends the two agents, and what only a person may decide waits for the person. */
import { describe, expect, it } from 'vitest';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix } from '../../cli/demo/play.ts';
import { checkoutDigest } from './checkout.ts';
import { toolUses } from './run-client.ts';
import { sessionWith } from './session-play.ts';
import { setStage } from './stage.ts';

describe('a session', () => {
  it('heals with the two agents', async () => {
    const stage = await setStage('node-orders', { origin: true });
    const run = await stage.session(`/self-healing:heal ${stage.log}`, sessionWith(honestFix(ORDERS_PART)));
    console.log(
      run.exit,
      run.result,
      toolUses(run.events).map((u) => u.name),
      run.stderr,
    );
    for (const { turn } of run.requests)
      console.log(
        turn.agent,
        turn.step,
        turn.lastToolResults.map((t) => t.slice(0, 1500)),
      );
    console.log(
      run.debugLog
        .split('\n')
        .filter((l) => /error/i.test(l))
        .slice(0, 20)
        .join('\n'),
    );
    expect(await checkoutDigest(stage.root)).toEqual(stage.before);
    await stage.remove();
  });
});
