/** The report's section about what came after the merge: written anew from rows, at the end of whatever the report says. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeOf } from '../../store/merges.ts';
import { rollbackOf } from '../../store/rollbacks.ts';
import { type Reading, readingsOf, type Watch, watchOf } from '../../store/watches.ts';
import { reportPath, writeReport } from '../publishing/report/file.ts';
import { code, fence, inert, oneLine } from '../publishing/report/quote.ts';
import type { Workbench } from '../workbench.ts';
import { amount, percent } from './words.ts';

const TITLE = '## After the merge';

export async function writeWatchSection(
  bench: Workbench,
  { incident, round }: Pick<Watch, 'incident' | 'round'>,
): Promise<void> {
  const watch = watchOf(bench.db, incident, round);
  if (!watch) return;
  const text = await readFile(join(bench.repository.root, reportPath(incident)), 'utf8').catch(() => '');
  const at = text.search(new RegExp(`^${TITLE}$`, 'm'));
  const before = (at < 0 ? text : text.slice(0, at)).trimEnd() || `# ${incident}`;
  await writeReport(bench.repository, incident, `${before}\n\n${watchSection(bench, watch)}\n`);
}

function watchSection({ db }: Workbench, watch: Watch): string {
  const { incident, round } = watch;
  const merge = mergeOf(db, incident, round);
  const rollback = rollbackOf(db, incident, round);
  const readings = readingsOf(db, incident, round);
  return [
    TITLE,
    [
      `- **Merged:** ${merge ? `${code(merge.commit)} at ${merge.merged_at}` : 'by a commit that is not known'}`,
      `- **Deployed:** ${deployWords(watch)}`,
      `- **Watched:** from ${watch.began_at}, for ${minutes(watch.watched_ms)}`,
      `- **Verdict:** ${watch.verdict === null ? 'none yet' : VERDICTS[watch.verdict]}${watch.why === '' ? '' : `: ${inert(oneLine(watch.why, 600))}`}`,
      ...(watch.sentry_count === null ? [] : [`- **Sentry:** ${watch.sentry_count} events in the new release`]),
      ...(watch.sentry_problem === null
        ? []
        : [`- **Sentry did not answer:** ${inert(oneLine(watch.sentry_problem, 300))}`]),
    ].join('\n'),
    ...figuresTable(readings),
    ...(rollback
      ? [
          `**Rollback** (${rollback.mode}, ${rollback.state}), decided at ${rollback.at}:`,
          fence(rollback.outcome || 'not begun yet', 20_000),
        ]
      : []),
    ...(watch.verdict === 'resolved'
      ? ['The lesson stays in `.self-healing/incidents.yaml`; a new occurrence opens a new round.']
      : []),
  ].join('\n\n');
}

const VERDICTS: Record<NonNullable<Watch['verdict']>, string> = {
  resolved: '**resolved**',
  rolled_back: '**rolled back**',
  handed_over: '**not judged, a person decides**',
};

function deployWords({ basis, told_by, deployed_at }: Watch): string {
  const words = inert(oneLine(told_by, 300));
  return basis === 'merge' ? `not seen: ${words}. It is watched from then on.` : `${deployed_at}: ${words}`;
}

function figuresTable(readings: readonly Reading[]): string[] {
  const [first, last] = [readings.find(({ problem }) => problem === null) ?? readings[0], readings.at(-1)];
  if (!first || !last) return ['Prometheus was not asked.'];
  const problems = readings.filter(({ problem }) => problem !== null);
  const highest = (key: 'error_rate' | 'p95_ms') =>
    readings.reduce<number | null>((most, one) => (one[key] === null ? most : Math.max(most ?? 0, one[key])), null);
  const share = (value: number | null) => (value === null ? '–' : percent(value));
  const time = (value: number | null) => (value === null ? '–' : amount('ms')(value));
  const count = (value: number | null) => (value === null ? '–' : String(Math.round(value)));
  return [
    [
      '| figure | compared with | at first | highest | at last |',
      '|---|---|---|---|---|',
      `| error rate | ${share(last.earlier_error_rate)} | ${share(first.error_rate)} | ${share(highest('error_rate'))} | ${share(last.error_rate)} |`,
      `| p95 | ${time(last.earlier_p95_ms)} | ${time(first.p95_ms)} | ${time(highest('p95_ms'))} | ${time(last.p95_ms)} |`,
      `| requests | – | ${count(first.requests)} | – | ${count(last.requests)} |`,
    ].join('\n'),
    ...(problems.length === 0
      ? []
      : [
          `${problems.length} of ${readings.length} looks were incomplete, at last: ${inert(oneLine(problems.at(-1)?.problem ?? '', 300))}.`,
        ]),
  ];
}

function minutes(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} minutes`;
}
