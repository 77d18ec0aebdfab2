/** How rounds of a circle are counted. */
import type { Session } from './session.ts';

/** `turn` again and again; fair from the end of turn `fair`, late after turn `late`. */
export function again(run: Session, times: number, fair: number, late: number, turn: (at: number) => void): void {
  for (let at = 1; at <= times; at++) {
    turn(at);
    if (at === fair) run.fair();
    if (at === late) run.late(1);
  }
}
