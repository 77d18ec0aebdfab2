import { z } from 'zod';
import { withIncidents } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { decideHere } from '../decide.ts';
import { decided } from '../decided.ts';
import { incidentArgument } from '../incident-argument.ts';

export const rejectCommand = command({
  name: 'reject',
  arguments: ['<incident>'],
  summary: 'turn a proposed or waiting fix down; its diff is remembered so that it is not repeated',
  options: [['--reason <text>', 'why; later fixes are held against it'], JSON_OPTION],
  input: z.object({
    incident: incidentArgument,
    reason: z.string('give --reason TEXT').trim().min(1, 'give --reason TEXT'),
  }),
  run: ({ incident, reason }, call) =>
    withIncidents(call, async (bench) => {
      const { record } = await decideHere(bench, { incident, answer: 'reject', reason });
      return decided(record, 'is rejected', `self-healing retry ${incident}`);
    }),
});
