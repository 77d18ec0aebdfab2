/**
 * What a watch has come to, from what was measured: pure. A source that did not answer, figures over too few requests and
 * figures without an earlier level decide nothing, in neither direction.
 */
import type { Config } from '../../context/schemas/config.ts';
import type { Reading, Watch } from '../../store/watches.ts';
import type { Again } from './again.ts';
import { amount, percent } from './words.ts';

export type Judgement =
  /** `why`: what is waited for. */
  | { verdict: 'wait'; why: string }
  | { verdict: 'roll_back'; why: string }
  | { verdict: 'resolve'; why: string }
  /** The longest watch is over, and nothing was proven. */
  | { verdict: 'not_judged'; why: string };

export interface Evidence {
  settings: Config['watch'];
  watch: Watch;
  /** Oldest first. */
  readings: readonly Reading[];
  again: Again;
  /** The in Sentry, where that is asked. */
  asksSentry: boolean;
  now: Date;
}

/** Without figures of traffic the error has to stay away for this many windows. */
const UNMEASURED_WINDOWS = 2;
/** After this many windows nothing more is waited for. */
const MOST_WINDOWS = 3;
const TIMES_WORSE = 2;
/** An answer of a source is no news after this many looks at it have failed. */
const FRESH_MS = 60_000;

export function judge(evidence: Evidence): Judgement {
  const bad = failed(evidence);
  if (bad !== undefined) return { verdict: 'roll_back', why: bad };
  const { settings, watch, now } = evidence;
  const lasted = watch.watched_ms;
  const needed = settings.window * (measuresTraffic(settings) ? 1 : UNMEASURED_WINDOWS);
  if (lasted < needed)
    return {
      verdict: 'wait',
      why: `it is watched until ${new Date(now.getTime() + needed - lasted).toISOString().slice(0, 19)}Z`,
    };
  const open = openQuestions(evidence);
  if (open.length === 0) return { verdict: 'resolve', why: goodWords(evidence) };
  const why = open.join('; ');
  return lasted >= settings.window * MOST_WINDOWS ? { verdict: 'not_judged', why } : { verdict: 'wait', why };
}

export function measuresTraffic({ prometheus, queries }: Config['watch']): boolean {
  return prometheus !== '' && queries.requests !== '';
}

/** Why the fix has to be taken back; undefined while nothing says so. */
function failed({ settings, watch, readings, again }: Evidence): string | undefined {
  if (again.first !== undefined) {
    const of = again.first.release === null ? '' : ` of release ${JSON.stringify(again.first.release)}`;
    const times = again.count === 1 ? 'once' : `${again.count} times`;
    return `the error came again after the deploy: ${times}, first at ${again.first.at}${of}`;
  }
  if ((watch.sentry_count ?? 0) > 0)
    return `Sentry counts ${watch.sentry_count} events of the issue in the new release`;
  // One look may have hit a single bad moment.
  const [last, before] = [readings.at(-1), readings.at(-2)];
  for (const figure of ['error_rate', 'p95_ms'] as const)
    if (last && before && isWorse(last, figure, settings) && isWorse(before, figure, settings))
      return worseWords(last, figure, settings);
  return undefined;
}

type Figure = 'error_rate' | 'p95_ms';

function isAbove(reading: Reading, figure: Figure, settings: Config['watch']): boolean {
  const value = reading[figure];
  return value !== null && value > settings[figure];
}

/** Of what is above its limit: whether it was so before. */
function hasDoubled(reading: Reading, figure: Figure): boolean {
  const earlier = reading[`earlier_${figure}`];
  return earlier !== null && (reading[figure] ?? 0) > TIMES_WORSE * earlier;
}

function isWorse(reading: Reading, figure: Figure, settings: Config['watch']): boolean {
  const enough = reading.requests !== null && reading.requests >= settings.min_requests;
  return enough && isAbove(reading, figure, settings) && hasDoubled(reading, figure);
}

function worseWords(reading: Reading, figure: Figure, settings: Config['watch']): string {
  const say = figure === 'error_rate' ? percent : amount('ms');
  const [now, before] = [say(reading[figure] ?? 0), say(reading[`earlier_${figure}`] ?? 0)];
  const where = settings.compare === 'canary' ? 'outside the canary' : 'before the deploy';
  const name = figure === 'error_rate' ? 'error rate' : 'p95';
  return `the ${name} is ${now} over ${Math.round(reading.requests ?? 0)} requests, above ${say(settings[figure])} and more than twice the ${before} ${where}`;
}

/** Each is a reason not to call it solved yet. */
function openQuestions({ settings, watch, readings, again, asksSentry, now }: Evidence): string[] {
  const open: string[] = [];
  const age = (at: string | null | undefined) => (at ? now.getTime() - Date.parse(at) : Number.POSITIVE_INFINITY);
  const stale = Math.max(FRESH_MS, settings.quiet);
  if (age(again.lastOfOlder) < settings.quiet)
    open.push(`a release without the fix still runs: the error came from it at ${again.lastOfOlder}`);
  if (asksSentry && (watch.sentry_problem !== null || age(watch.sentry_at) > stale))
    open.push(watch.sentry_problem ?? 'Sentry has not answered');
  if (settings.prometheus !== '') open.push(...openFigures(settings, readings.at(-1), stale, age));
  return open;
}

function openFigures(
  settings: Config['watch'],
  last: Reading | undefined,
  stale: number,
  age: (at: string) => number,
): string[] {
  if (last === undefined || age(last.at) > stale) return ['Prometheus has not answered'];
  if (last.problem !== null) return [last.problem];
  if (measuresTraffic(settings) && (last.requests ?? 0) < settings.min_requests)
    return [`${Math.round(last.requests ?? 0)} requests came, and below ${settings.min_requests} nothing is judged`];
  return (['error_rate', 'p95_ms'] as const).flatMap((figure) => {
    const name = figure === 'error_rate' ? 'error rate' : 'p95';
    if (!isAbove(last, figure, settings)) return [];
    if (last[`earlier_${figure}`] === null) return [`the ${name} is too high, and what it was before is not known`];
    return hasDoubled(last, figure) ? [`the ${name} has become worse`] : [];
  });
}

function goodWords({ settings, readings, again }: Evidence): string {
  const last = readings.at(-1);
  const older = again.lastOfOlder === undefined ? '' : ', but in an older release until it was gone';
  const traffic = measuresTraffic(settings)
    ? `${Math.round(last?.requests ?? 0)} requests came meanwhile`
    : 'how many requests came meanwhile was not measured, so that it was watched twice as long';
  return `the error did not come again${older}; ${traffic}`;
}
