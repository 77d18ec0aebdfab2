/**
 * A session that hands an incident over tells people itself, once, with the secrets that its environment has. What it cannot
 * tell stays in the outbox for `serve` or the next `heal`.
 */
import { describeError } from '../../events/errors.ts';
import { channelsWaiting } from '../../store/notices.ts';
import { workingConfig } from '../incidents/working-config.ts';
import type { Log } from '../intake/log.ts';
import type { Workbench } from '../workbench.ts';
import type { Env } from './channel.ts';
import { lacks, NOTICE_CHANNELS } from './channels.ts';
import { tellBeforeEnd } from './clocks.ts';

/** The agent waits for its answer. */
const TELL_MS = 10_000;

/**
 * One line for who asked; undefined when nobody is to be told, and outside of a session: there the parent of a run tells, not
 * the process that its agent can reach.
 */
export async function tellFromSession(
  bench: Workbench,
  incident: string,
  { env, signal }: { env: Env; signal: AbortSignal },
): Promise<string | undefined> {
  if (bench.role !== 'session') return undefined;
  const told: string[] = [];
  const failed = new Map<string, string>();
  const never: string[] = [];
  const log: Log = (_level, event, fields = {}) => {
    if (fields.incident !== incident) return;
    const channel = String(fields.channel);
    if (event === 'told') told.push(channel);
    else if (event === 'telling_later') failed.set(channel, String(fields.why));
    else if (event === 'telling_given_up') never.push(`${channel} (${fields.why})`);
  };
  const settings = async () => ({ config: await workingConfig(bench.repository) });
  try {
    await tellBeforeEnd({ bench, env, settings, log }, AbortSignal.any([signal, AbortSignal.timeout(TELL_MS)]));
  } catch (error) {
    return `People are told by \`self-healing serve\` or the next \`heal\`: ${describeError(error).message}`;
  }
  const waiting = channelsWaiting(bench.db, incident).map((name) => {
    const channel = NOTICE_CHANNELS.find((one) => one.name === name);
    const variable = channel && lacks(channel, env);
    return `${name} (${variable ? `${variable} is not set here` : (failed.get(name) ?? 'it takes its time')})`;
  });
  const lines = [
    ...(told.length > 0 ? [`People were told over ${told.sort().join(', ')}.`] : []),
    ...(waiting.length > 0
      ? [`Not told yet over ${waiting.join(', ')}: \`self-healing serve\` or the next \`heal\` does it.`]
      : []),
    ...(never.length > 0 ? [`Nobody can be told over ${never.join(', ')}.`] : []),
  ];
  return lines.length === 0 ? undefined : lines.join(' ');
}
