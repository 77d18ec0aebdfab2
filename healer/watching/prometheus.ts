/** Prometheus by its HTTP API: one number for a query, now or as the mean of a range. Bounded in bytes and time. */
import { z } from 'zod';
import { oneLine } from '../../events/plain-text.ts';
import { boundedText } from '../bounded-text.ts';

export interface Prometheus {
  /** Without a slash at its end is as good as with one. */
  url: string;
  signal: AbortSignal;
}

/** `value` is null when the query answered with nothing, or with NaN, as a share of no requests is. */
export type Answered = { ok: true; value: number | null } | { ok: false; why: string };

const TIMEOUT_MS = 10_000;
const MOST = 4 * 1024 * 1024;
/** Points of a range: enough for a mean, and few enough for any Prometheus. */
const POINTS = 60;

const sample = z.tuple([z.number(), z.string()]);
const answer = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('scalar'), result: sample }),
    z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: sample.optional() })) }),
    z.object({ resultType: z.literal('matrix'), result: z.array(z.object({ values: z.array(sample).default([]) })) }),
    z.object({ resultType: z.literal('string'), result: sample }),
  ]),
});
const refusal = z.object({ error: z.string() });

/** The value at that time. */
export function instant(prometheus: Prometheus, query: string, at: Date): Promise<Answered> {
  return ask(prometheus, 'query', { query, time: String(at.getTime() / 1000) });
}

/** The mean over the points between both times. */
export function rangeMean(prometheus: Prometheus, query: string, from: Date, to: Date): Promise<Answered> {
  const seconds = (to.getTime() - from.getTime()) / 1000;
  return ask(prometheus, 'query_range', {
    query,
    start: String(from.getTime() / 1000),
    end: String(to.getTime() / 1000),
    step: String(Math.max(1, seconds / POINTS)),
  });
}

async function ask({ url, signal }: Prometheus, path: string, form: Record<string, string>): Promise<Answered> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const answered = await fetch(`${url.replace(/\/+$/, '')}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      signal: bounded,
      redirect: 'manual',
      headers: { accept: 'application/json' },
    });
    const text = await boundedText(answered, MOST);
    if (text === undefined) return { ok: false, why: `Prometheus answered with more than ${MOST / 1024 / 1024} MiB` };
    if (answered.status !== 200) return { ok: false, why: refused(answered.status, text) };
    return valueIn(text);
  } catch (error) {
    const why = bounded.aborted && !signal.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : reason(error);
    return { ok: false, why: `Prometheus could not be reached: ${why}` };
  }
}

function valueIn(text: string): Answered {
  const parsed = answer.safeParse(json(text));
  if (!parsed.success) return { ok: false, why: 'Prometheus answered with something that is no result of a query' };
  const { data } = parsed.data;
  switch (data.resultType) {
    case 'scalar':
      return { ok: true, value: finite([data.result]) };
    case 'vector':
      return single(data.result, ({ value }) => (value ? [value] : []));
    case 'matrix':
      return single(data.result, ({ values }) => values);
    case 'string':
      return { ok: false, why: 'the query gives a text, and a number is needed' };
    default:
      return data satisfies never;
  }
}

function single<T>(series: readonly T[], samplesOf: (one: T) => z.output<typeof sample>[]): Answered {
  const [only] = series;
  if (series.length > 1)
    return { ok: false, why: `the query gives ${series.length} series, and one is needed: add sum() around it` };
  return { ok: true, value: only === undefined ? null : finite(samplesOf(only)) };
}

/** The mean of those that are numbers. */
function finite(samples: z.output<typeof sample>[]): number | null {
  const values = samples.map(([, value]) => Number(value)).filter(Number.isFinite);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function refused(status: number, text: string): string {
  const said = refusal.safeParse(json(text));
  return `Prometheus answered ${status}${said.success ? `: ${oneLine(said.data.error, 200)}` : ''}`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code } = cause as { code?: unknown };
  return oneLine(typeof code === 'string' ? code : cause instanceof Error ? cause.message : String(cause), 200);
}
