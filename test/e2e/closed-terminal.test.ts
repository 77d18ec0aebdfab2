/** A person closes the window in which a command works: it ends like after Ctrl-C, with everything it had started. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix } from '../../cli/demo/play.ts';
import { expectUntouched, heal } from './healed.ts';
import { UNVERIFIED } from './plays/acts.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.remove());

it('leaves nothing running of `approve`, decides nothing, and the next one publishes once', async () => {
  stage = await setStage('node-orders', { origin: true });
  const { result } = await heal(stage, honestFix(ORDERS_PART, UNVERIFIED), ['--error', stage.logFile]);
  const { incident } = result;
  expect(result).toMatchObject({ status: 'awaiting_publish' });

  const closed = await stage.person(['approve', incident], {
    // The checks of the gate are at work then.
    onOutput: (text) => /verified again[\s\S]*\n[\s\S]*\n/.test(text),
  });
  expect(closed.text).not.toContain('Published');
  expect(closed.exit).toBeNaN();
  for (let tries = 0; tries < 100 && (await stage.processes()).length > 0; tries++) await wait(100);
  expect(await stage.processes()).toEqual([]);
  const branch = `hotfix/auto-${incident.slice(4)}`;
  expect(await stage.git(['branch', '--list', branch], stage.origin)).toBe('');

  const approved = await stage.person(['approve', incident]);
  expect(approved.exit, approved.text).toBe(0);
  expect(await stage.processes()).toEqual([]);
  expect(await stage.git(['rev-list', '--count', `main..${branch}`], stage.origin)).toBe('1');
  await expectUntouched(stage);
});
