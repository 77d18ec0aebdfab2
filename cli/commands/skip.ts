import { z } from 'zod';
import { skip } from '../../healer/incidents/decisions.ts';
import { refuseUnderClaude } from '../../healer/incidents/refuse-under-claude.ts';
import { withIncidents } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
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
    refuseUnderClaude('skip');
    return withIncidents(call, async (bench) =>
      decided(await skip(bench.incidents, { incident, who: person() }), 'is skipped', `self-healing retry ${incident}`),
    );
  },
});
