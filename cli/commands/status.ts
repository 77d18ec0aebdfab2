import { z } from 'zod';
import { pausedBy } from '../../healer/heal/pause.ts';
import { waitsFor } from '../../healer/incidents/waiting.ts';
import { readableConfig } from '../../healer/incidents/working-config.ts';
import { type QueueState, queueState } from '../../healer/queue/state.ts';
import { shortCost } from '../../healer/runs/cost-words.ts';
import { watchLine } from '../../healer/watching/line.ts';
import { hasState } from '../../healer/workbench.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import { proposalOf } from '../../store/proposals.ts';
import { standingOf } from '../../store/standings.ts';
import { IN_WORK, type IncidentStatus, NEEDS_PERSON } from '../../store/states.ts';
import { withBench } from '../bench.ts';
import { type Call, command, JSON_OPTION } from '../command.ts';
import { ago, table, wrapped } from '../table.ts';

export const statusCommand = command({
  name: 'status',
  summary: 'what is being healed and what needs you',
  options: [JSON_OPTION],
  input: z.object({}),
  run: (_input, call) =>
    withBench(call, async (bench) => {
      const incidents = hasState(bench) ? await bench.incidents.list() : [];
      const of = (states: readonly IncidentStatus[]) =>
        incidents.filter(({ status }) => states.includes(status)).map(({ event: _, ...record }) => record);
      const counts: Partial<Record<IncidentStatus, number>> = {};
      for (const { status } of incidents) counts[status] = (counts[status] ?? 0) + 1;
      const value = {
        repository: bench.repository.root,
        paused: pausedBy(bench.repository.root, process.env) ?? null,
        counts,
        queue: hasState(bench) ? await queueState(bench, await readableConfig(bench.repository), process.env) : IDLE,
        needs_person: of(NEEDS_PERSON),
        in_work: of(IN_WORK),
        waiting: of(['detected', 'queued']).flatMap((record) => {
          const link = waitsFor(bench.db, record);
          return link ? [{ ...record, waits_for: link.root, why: link.why, until: link.until }] : [];
        }),
        proposed: of(['proposed']).map((record) => ({
          ...record,
          url: proposalOf(bench.db, record.incident, record.round)?.url ?? null,
          standing: standingOf(bench.db, record.incident, record.round)?.line ?? null,
        })),
        watched: of(['merged', 'watching']).map((record) => ({ ...record, watch: watchLine(bench, record) ?? '' })),
      };
      return { value, text: tell(value, bench.now(), call) };
    }),
});

const IDLE: QueueState = { next: [], running: [], standing_still: null };

type Shown = Omit<IncidentRecord, 'event'>;

function tell(
  value: {
    paused: string | null;
    counts: Record<string, number>;
    queue: QueueState;
    needs_person: Shown[];
    in_work: Shown[];
    waiting: (Shown & { waits_for: string; why: string })[];
    proposed: (Shown & { url: string | null; standing: string | null })[];
    watched: (Shown & { watch: string })[];
  },
  now: Date,
  { paint, columns }: Call,
): string {
  const rows = (title: string, list: Shown[]) =>
    list.length === 0
      ? []
      : [
          '',
          paint('bold', title),
          table(
            list.map((one) => [`  ${one.incident}`, one.status, `since ${ago(one.updated_at, now)}`, one.error]),
            columns,
          ),
        ];
  const proposed = value.proposed.map((one) => [
    `  ${one.incident}`,
    one.url ?? 'no pull request',
    one.standing ?? 'not looked at yet',
    one.error,
  ]);
  const watched = value.watched.map((one) => [`  ${one.incident}`, one.watch, one.error]);
  const waiting = value.waiting.map((one) => [`  ${one.incident}`, `${one.waits_for}: ${one.why}`, one.error]);
  const running = value.queue.running.map((one) => [
    `  ${one.incident}`,
    one.attempt > 0 ? `${one.phase} ${one.attempt}` : one.phase,
    ago(one.since, now),
    shortCost(one.cost_usd, one.cost_basis),
    `${one.doing} (for ${ago(one.doing_since, now)})`,
  ]);
  const counts = Object.entries(value.counts).map(([status, count]) => `${count} ${status}`);
  const still = value.queue.standing_still;
  const hints = [
    ...(waiting.length > 0 ? ['`self-healing approve INCIDENT` starts one that waits for another.'] : []),
    ...(value.needs_person.length > 0
      ? ['`self-healing show INCIDENT` tells the whole story of one, and what you can do.']
      : []),
    ...(value.in_work.some(({ status }) => status === 'queued')
      ? [
          '`self-healing heal INCIDENT` takes up one that is queued; a running `self-healing serve` takes up all of them.',
        ]
      : []),
  ];
  return [
    ...(value.paused === null
      ? []
      : [paint('yellow', `Paused, because ${value.paused}: nothing is healed meanwhile.`)]),
    ...(still && still.by !== 'pause'
      ? [
          paint(
            'yellow',
            `Nothing new is started${still.until ? ` until ${still.until}` : ''}: ${still.why}. ${still.next}`,
          ),
        ]
      : []),
    counts.length > 0 ? `Incidents: ${counts.join(', ')}.` : 'No incidents.',
    ...rows('Needs you', value.needs_person),
    ...(running.length > 0 ? ['', paint('bold', 'Being healed'), wrapped(running, columns)] : []),
    ...rows('In work', value.in_work),
    ...(waiting.length > 0
      ? ['', paint('bold', 'Waits for another that probably explains it'), table(waiting, columns)]
      : []),
    ...(proposed.length > 0 ? ['', paint('bold', 'Proposed'), wrapped(proposed, columns)] : []),
    ...(watched.length > 0 ? ['', paint('bold', 'Watched after the merge'), wrapped(watched, columns)] : []),
    ...(hints.length > 0 ? ['', ...hints] : []),
  ].join('\n');
}
