import { z } from 'zod';
import { retry } from '../../healer/incidents/decisions.ts';
import { refuseUnderClaude } from '../../healer/incidents/refuse-under-claude.ts';
import { proposalOf } from '../../store/proposals.ts';
import { withIncidents } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { decided } from '../decided.ts';
import { incidentArgument } from '../incident-argument.ts';
import { person } from '../person.ts';

export const retryCommand = command({
  name: 'retry',
  arguments: ['<incident>'],
  summary: 'take an ended incident back for a new round (a person at a terminal only)',
  options: [JSON_OPTION],
  input: z.object({ incident: incidentArgument }),
  run({ incident }, call) {
    refuseUnderClaude('retry');
    return withIncidents(call, async (bench) => {
      const record = await retry(bench.incidents, { incident, who: person() });
      const earlier = proposalOf(bench.db, incident, record.round - 1);
      return decided(record, 'is queued again', `self-healing heal ${incident}`, earlier?.url);
    });
  },
});
