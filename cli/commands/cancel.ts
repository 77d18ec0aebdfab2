import { z } from 'zod';
import { cancel } from '../../healer/incidents/decisions.ts';
import { withIncidents } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { decided } from '../decided.ts';
import { incidentArgument } from '../incident-argument.ts';
import { person } from '../person.ts';

export const cancelCommand = command({
  name: 'cancel',
  arguments: ['<incident>'],
  summary: 'end an incident for good; whoever works on it stops',
  options: [JSON_OPTION],
  input: z.object({ incident: incidentArgument }),
  run: ({ incident }, call) =>
    withIncidents(call, async (bench) =>
      decided(await cancel(bench.incidents, { incident, who: person() }), 'is cancelled'),
    ),
});
