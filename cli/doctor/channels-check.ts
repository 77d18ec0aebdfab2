/** Whether people can be asked where the settings say so. No token is printed, sent or tried. */
import type { Config } from '../../context/schemas/config.ts';
import { channelStates } from '../../healer/approval/channels.ts';
import type { Check } from './check.ts';

/** Undefined when `approval.channels` names none. */
export function channelsCheck(config: Pick<Config, 'approval' | 'notify'>, env: NodeJS.ProcessEnv): Check | undefined {
  const states = Object.entries(channelStates(config, env));
  if (states.length === 0) return undefined;
  const lacking = states.flatMap(([channel, { missing }]) => (missing ? [`${channel} (${missing.join(', ')})`] : []));
  if (lacking.length === 0)
    return {
      name: 'approval',
      status: 'ok',
      detail: `people are asked by ${states.map(([name]) => name).join(', ')}`,
      fix: '',
    };
  return {
    name: 'approval',
    status: 'warn',
    detail: `nobody is asked by ${lacking.join('; ')}: not set`,
    fix: 'Set the variables where `self-healing serve` runs, and the keys in config.yaml; docs/approval.md shows how.',
  };
}
