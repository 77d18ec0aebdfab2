import { z } from 'zod';
import { reject } from '../../healer/publishing/reject.ts';
import { withIncidents } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { decided } from '../decided.ts';
import { incidentArgument } from '../incident-argument.ts';
import { person } from '../person.ts';

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
    withIncidents(call, async (bench) =>
      decided(
        await reject(bench, { incident, who: person(), why: reason }),
        'is rejected',
        `self-healing retry ${incident}`,
      ),
    ),
});
