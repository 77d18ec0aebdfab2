import { z } from 'zod';
import { mute } from '../../healer/incidents/mute.ts';
import { refuseUnderClaude } from '../../healer/incidents/refuse-under-claude.ts';
import { withBench } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { incidentArgument } from '../incident-argument.ts';
import { person } from '../person.ts';

export const muteCommand = command({
  name: 'mute',
  arguments: ['<fingerprint>'],
  summary:
    'leave an error alone: its incident is ignored, and new occurrences are only counted (a person at a terminal only)',
  options: [
    ['--until <date>', 'for how long, such as 2026-12-24 (default: for ever; a past one lifts it)'],
    ['--reason <text>', 'why'],
    JSON_OPTION,
  ],
  input: z.object({
    fingerprint: incidentArgument,
    until: z.string().trim().default(''),
    reason: z.string().trim().max(500).default(''),
  }),
  run({ fingerprint: incident, until, reason }, call) {
    refuseUnderClaude('mute');
    return withBench(call, async (bench) => {
      const fingerprint = incident.slice('INC-'.length);
      const record = await mute(bench, { fingerprint, until, reason, who: person() });
      const isOver = Date.parse(until) < bench.now().getTime();
      const status = record?.status ?? null;
      const told = record ? `${record.incident} is ${record.status}: ${record.error}` : 'No incident has it yet.';
      return {
        value: { fingerprint, until: until || null, reason, incident: record?.incident ?? null, status },
        text: `${isOver ? `Not muted any more: ${fingerprint}` : `Muted ${fingerprint}${until ? ` until ${until}` : ''}`}. ${told}`,
      };
    });
  },
});
