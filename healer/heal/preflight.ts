/** Before the first agent is paid for: whether a fix could be proven here at all. */
import { foreignLine } from '../../gate/foreign-line.ts';
import { liftedBy } from '../../gate/lift.ts';
import { blockedText, tryTests } from '../fixes/preflight.ts';
import { type End, giveBack, interrupted } from './conclude.ts';
import { type Healing, step } from './healing.ts';

const SHOWN = 5;

/** Undefined when the agents may start. Throws ConfigurationError, the incident back in the queue, when the tests cannot run. */
export async function tryTestsFirst(healing: Healing): Promise<End | undefined> {
  const { bench, fix, stop, tell } = healing;
  step(healing, 'Trying the tests on the base');
  const result = await tryTests(bench, fix, {
    signal: stop.signal,
    onProgress: (text) => tell({ kind: 'gate', text }),
  });
  if (stop.reason() !== undefined) return interrupted(healing);
  switch (result.status) {
    case 'ran': {
      const { counts, failing, lift, seconds } = result;
      step(healing, `The tests run: ${counts.passed} passed, ${counts.failed} failed, ${seconds.toFixed(1)} s`);
      if (failing.length > 0) tell({ kind: 'note', lines: [alreadyRed(failing), ...(lift ? [liftedBy(lift)] : [])] });
      return undefined;
    }
    case 'passed_over':
      step(healing, `Going on without: ${result.why}`);
      return undefined;
    case 'blocked': {
      const { why, next } = blockedText(bench, fix, result, `self-healing heal ${fix.incident}`);
      return giveBack(healing, why, next);
    }
    default:
      return result satisfies never;
  }
}

function alreadyRed(failing: readonly string[]): string {
  const names = failing.slice(0, SHOWN).map((name) => JSON.stringify(foreignLine(name)));
  const more = failing.length > SHOWN ? ` and ${failing.length - SHOWN} more` : '';
  return `Red on the base already: ${names.join(', ')}${more}. A fix is compared case by case and may not add one; its proposal is a draft.`;
}
