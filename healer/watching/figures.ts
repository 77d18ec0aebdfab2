/** One look at Prometheus: the figures of the new release, and those that they are compared with. */
import type { Config } from '../../context/schemas/config.ts';
import type { Reading, Watch } from '../../store/watches.ts';
import { type Answered, instant, type Prometheus, rangeMean } from './prometheus.ts';

type Settings = Pick<Config['watch'], 'queries' | 'compare' | 'window'>;
export type Figure = 'error_rate' | 'p95_ms' | 'requests';

export interface Look {
  settings: Settings;
  watch: Pick<Watch, 'deployed_at' | 'began_at'>;
  /** What an earlier look of this watch knows of the time before the deploy. */
  before: Pick<Reading, 'earlier_error_rate' | 'earlier_p95_ms'> | undefined;
  now: Date;
}

const NAMES: Record<Figure, string> = { error_rate: 'error rate', p95_ms: 'p95', requests: 'requests' };
/** A label selector of one label, which can be turned round. */
const SELECTOR = /^\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*")\s*$/;
const NO_SELECTOR = 'watch.compare is canary, and watch.queries.canary is no selector such as track="canary"';
const TURNED: Record<string, string> = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' };

export async function readFigures(prometheus: Prometheus, look: Look): Promise<Reading> {
  const { settings, watch, before, now } = look;
  const problems: string[] = [];
  const take = (figure: Figure, what: string, answered: Answered): number | null => {
    if (!answered.ok) problems.push(answered.why);
    else if (answered.value === null) problems.push(`the query of ${NAMES[figure]}${what} gives nothing`);
    return answered.ok ? answered.value : null;
  };
  const sinceDeploy = now.getTime() - Date.parse(watch.began_at);
  const current = async (figure: Figure) => {
    const query = settings.queries[figure];
    if (query === '') return null;
    const text = fill(query, settings.queries.canary, sinceDeploy);
    return take(figure, '', await instant(prometheus, text, now));
  };
  const [error_rate, p95_ms, requests] = [
    await current('error_rate'),
    await current('p95_ms'),
    await current('requests'),
  ];

  const earlier = async (figure: 'error_rate' | 'p95_ms', known: number | null | undefined) => {
    if (settings.queries[figure] === '') return null;
    if (settings.compare === 'canary') return take(figure, ' outside the canary', await rest(prometheus, look, figure));
    return known ?? (await baseline(prometheus, look, figure));
  };
  return {
    at: now.toISOString(),
    ...{ error_rate, p95_ms, requests },
    earlier_error_rate: await earlier('error_rate', before?.earlier_error_rate),
    earlier_p95_ms: await earlier('p95_ms', before?.earlier_p95_ms),
    problem: problems.length === 0 ? null : [...new Set(problems)].join('; '),
  };
}

const TRY_MS = 5 * 60_000;

/**
 * What stands in the way of judging by Prometheus, by trying every query over the last five minutes: sentences without
 * their last period. Empty when each gives a number.
 */
export async function tryQueries(
  prometheus: Prometheus,
  { queries, compare }: Pick<Config['watch'], 'queries' | 'compare'>,
  now: Date,
): Promise<string[]> {
  const problems: string[] = [];
  if (queries.requests === '') problems.push('watch.queries.requests is empty, so that no figure takes a fix back');
  if (compare === 'canary' && !SELECTOR.test(queries.canary)) problems.push(NO_SELECTOR);
  for (const figure of ['error_rate', 'p95_ms', 'requests'] as const) {
    if (queries[figure] === '') continue;
    // A canary need not be there now.
    const answered = await instant(prometheus, fill(queries[figure], '', TRY_MS), now);
    if (!answered.ok) problems.push(`watch.queries.${figure}: ${answered.why}`);
    else if (answered.value === null) problems.push(`watch.queries.${figure} gives nothing now`);
  }
  return problems;
}

/** Everything that is not the canary, at the same time. */
async function rest(prometheus: Prometheus, { settings, watch, now }: Look, figure: Figure): Promise<Answered> {
  const [, label, operator = '', value] = SELECTOR.exec(settings.queries.canary) ?? [];
  if (label === undefined)
    return {
      ok: false,
      why: 'watch.compare is canary, and watch.queries.canary is no selector such as track="canary"',
    };
  const since = now.getTime() - Date.parse(watch.began_at);
  return instant(prometheus, fill(settings.queries[figure], `${label}${TURNED[operator]}${value}`, since), now);
}

/**
 * A window before the deploy, by the same query. A canary that did not exist then is compared with the whole service.
 * That nothing is known of that time is no problem of this look: it is said where it matters.
 */
async function baseline(prometheus: Prometheus, { settings, watch }: Look, figure: Figure): Promise<number | null> {
  const to = new Date(watch.deployed_at);
  const from = new Date(to.getTime() - settings.window);
  const query = settings.queries[figure];
  for (const selector of new Set([settings.queries.canary, ''])) {
    const text = fill(query, selector, settings.window);
    // A query over $window says it at once; any other one is looked at all along.
    const answered = query.includes('$window')
      ? await instant(prometheus, text, to)
      : await rangeMean(prometheus, text, from, to);
    if (answered.ok && answered.value !== null) return answered.value;
  }
  return null;
}

function fill(query: string, canary: string, windowMs: number): string {
  return query
    .replaceAll('$window', `${Math.max(1, Math.ceil(windowMs / 1000))}s`)
    .replaceAll('$canary', canary.trim());
}
