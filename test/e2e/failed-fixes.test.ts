/** Fixes that prove nothing or break something, in the real client: the gate fails them, and a person takes over. */
import { describe, it } from 'vitest';
import { expectHandedOver } from './handed-over.ts';
import { CHEATS } from './plays/cheats.ts';
import { some } from './series.ts';

const CASES = CHEATS.filter(({ verdict }) => verdict === 'fail');

describe('the gate says fail and heal ends with 3 when', () => {
  it.each(some(CASES, 3))('$name', (cheat) => expectHandedOver(cheat, { exit: 3, failureMode: 'verification' }));
});
