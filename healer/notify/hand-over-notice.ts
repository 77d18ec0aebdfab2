/** What is told of a hand-over: what was written then, or, where the incident was only moved, what its rows say now. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { IncidentRecord } from '../../store/incidents.ts';
import { handOverOf } from '../../store/notices.ts';
import { runsOf } from '../../store/runs.ts';
import { type HandOverPayload, writeHandOver } from '../fixes/hand-over.ts';
import type { Workbench } from '../workbench.ts';
import type { HandOverNotice } from './channel.ts';

export async function handOverNotice(
  bench: Workbench,
  record: IncidentRecord,
  rolledBack = false,
): Promise<HandOverNotice> {
  const { root } = bench.repository;
  const place = createHash('sha256').update(root).digest('hex').slice(0, 8);
  return {
    payload: await payloadOf(bench, record),
    record,
    rolledBack,
    repository: basename(root),
    mark: `${record.incident}/${record.round}@${place}`,
  };
}

async function payloadOf(bench: Workbench, record: IncidentRecord): Promise<HandOverPayload> {
  const { incident, round } = record;
  const written = handOverOf(bench.db, incident, round);
  if (written !== undefined) return written as HandOverPayload;
  const moved = (await bench.incidents.transitions(incident)).findLast(
    ({ to }) => to === 'escalated' || to === 'rolled_back',
  );
  return writeHandOver(bench, record, {
    reason: moved?.why ?? '',
    needs: 'Look at it; then try again or end it.',
    failureMode: runsOf(bench.db, incident, round).at(-1)?.failure_mode ?? undefined,
    who: moved?.who ?? 'serve',
  });
}
