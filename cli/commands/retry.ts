import { z } from 'zod';
import { requireIncident } from '../../healer/incidents/decisions.ts';
import { proposalOf } from '../../store/proposals.ts';
import { approver, decideByToken } from '../ask-serve.ts';
import { withIncidents } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { decideHere } from '../decide.ts';
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
    const { token } = approver('retry');
    return withIncidents(call, async (bench) => {
      if (token === undefined) await decideHere(bench, { incident, answer: 'retry' });
      else await decideByToken(bench, token, { incident, answer: 'retry', who: person() });
      const record = await requireIncident(bench.incidents, incident);
      const earlier = proposalOf(bench.db, incident, record.round - 1);
      return decided(record, 'is queued again', `self-healing heal ${incident}`, earlier?.url);
    });
  },
});
