/** Fixes that move what judges them or touch what nobody may, in the real client: refused, finally, whatever the tests say. */
import { describe, it } from 'vitest';
import { expectHandedOver } from './handed-over.ts';
import { CHEATS } from './plays/cheats.ts';
import { some } from './series.ts';

const CASES = CHEATS.filter(({ verdict }) => verdict === 'refuse');

describe('the gate says refuse and heal ends with 4 when', () => {
  it.each(some(CASES, 3))('$name', (cheat) => expectHandedOver(cheat, { exit: 4, failureMode: 'refused' }));
});
