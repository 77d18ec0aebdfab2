/** After a hand-over in a terminal: whoever is configured is told before the command ends, or by the next `serve`. */
import { describeError } from '../events/errors.ts';
import { workingConfig } from '../healer/incidents/working-config.ts';
import type { Log } from '../healer/intake/log.ts';
import { tellBeforeEnd } from '../healer/notify/clocks.ts';
import type { Workbench } from '../healer/workbench.ts';
import type { Call } from './command.ts';

/** Nobody waits longer at a terminal. */
const TELL_MS = 15_000;

export async function tellPeople(bench: Workbench, call: Pick<Call, 'say' | 'warn' | 'signal'>): Promise<void> {
  const settings = async () => ({ config: await workingConfig(bench.repository) });
  const log: Log = (_level, event, { incident, channel, why } = {}) => {
    const [about, because] = [`${incident} over ${channel}`, why ? `: ${why}.` : '.'];
    if (event === 'told') call.say(`People were told of ${about}${because}`);
    else if (event === 'telling_later')
      call.say(`Not told yet of ${about}${because} \`self-healing serve\` tries again.`);
    else if (event === 'telling_given_up') call.warn(`Nobody can be told of ${about}${because}`);
  };
  try {
    const signal = AbortSignal.any([call.signal, AbortSignal.timeout(TELL_MS)]);
    await tellBeforeEnd({ bench, env: process.env, settings, log }, signal);
  } catch (error) {
    // The hand-over itself is done, and whom to tell is looked up again by the next process.
    call.warn(`People were not told yet: ${describeError(error).message}`);
  }
}
