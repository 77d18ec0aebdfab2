import { z } from 'zod';
import { waitsFor } from '../../healer/incidents/waiting.ts';
import { hasState } from '../../healer/workbench.ts';
import { INCIDENT_STATUSES } from '../../store/states.ts';
import { withBench } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { ago, table } from '../table.ts';

export const incidentsCommand = command({
  name: 'incidents',
  summary: 'list incidents, newest first',
  options: [
    ['--status <status>', 'only those in this state'],
    ['--limit <n>', 'at most so many (default 50)'],
    JSON_OPTION,
  ],
  input: z.object({
    status: z.enum(INCIDENT_STATUSES, `must be one of ${INCIDENT_STATUSES.join(', ')}`).optional(),
    limit: z.coerce.number('must be a number').int().min(1).max(10_000).default(50),
  }),
  run: ({ status, limit }, call) =>
    withBench(call, async (bench) => {
      const filter = { limit, ...(status && { status: [status] }) };
      const found = hasState(bench) ? await bench.incidents.list(filter) : [];
      const incidents = found.map(({ event: _, ...record }) => ({
        ...record,
        waits_for: waitsFor(bench.db, record)?.root ?? null,
      }));
      const rows = incidents.map((one) => [
        one.incident,
        one.status,
        one.severity,
        `${one.count}×`,
        ago(one.last_seen, bench.now()),
        one.waits_for === null ? one.error : `(waits for ${one.waits_for}) ${one.error}`,
      ]);
      const none = status
        ? `No incident is ${status}.`
        : 'No incidents. `self-healing heal --error FILE` starts with one.';
      return { value: { incidents }, text: rows.length > 0 ? table(rows, call.columns) : none };
    }),
});
