import { z } from 'zod';
import { requireIncident } from '../../healer/incidents/decisions.ts';
import { approver, decideByToken } from '../ask-serve.ts';
import { withIncidents } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { decideHere } from '../decide.ts';
import { decided } from '../decided.ts';
import { incidentArgument } from '../incident-argument.ts';
import { person } from '../person.ts';

export const skipCommand = command({
  name: 'skip',
  arguments: ['<incident>'],
  summary: 'do not heal an incident that waits for your start (a person at a terminal only)',
  options: [JSON_OPTION],
  input: z.object({ incident: incidentArgument }),
  run({ incident }, call) {
    const { token } = approver('skip');
    return withIncidents(call, async (bench) => {
      if (token === undefined) await decideHere(bench, { incident, answer: 'skip' });
      else await decideByToken(bench, token, { incident, answer: 'skip', who: person() });
      const record = await requireIncident(bench.incidents, incident);
      return decided(record, 'is skipped', `self-healing retry ${incident}`);
    });
  },
});
