import { z } from 'zod';
import { durationTextSchema } from '../../context/schemas/duration.ts';
import { metrics } from '../../healer/metrics/metrics.ts';
import { monthMetrics, monthOf } from '../../healer/metrics/month.ts';
import { withBench } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { metricsText } from '../formats/metrics-text.ts';
import { monthText } from '../formats/month-text.ts';

export const metricsCommand = command({
  name: 'metrics',
  summary: 'how many errors were fixed, how fast, how well, and what it cost',
  options: [
    ['--since <duration>', 'errors that came to an end in this time (default 30d)'],
    ['--month [month]', 'one month, as text to paste into a channel (2026-11; default: the last whole one)'],
    ['--dry-run', 'count what dry runs proved as proposed'],
    JSON_OPTION,
  ],
  input: z
    .object({
      since: durationTextSchema.optional(),
      month: z
        .union([z.literal(true), z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'must be a month, like 2026-11')])
        .optional(),
      dryRun: z.boolean().default(false),
    })
    .refine(({ since, month }) => since === undefined || month === undefined, 'give --since or --month, not both'),
  run: ({ since = THIRTY_DAYS_MS, month, dryRun }, call) =>
    withBench(call, async (bench) => {
      if (month !== undefined) {
        const about = monthMetrics(bench, month === true ? monthOf(bench.now(), -1) : month, { dryRun });
        return { value: about.now, text: monthText(about) };
      }
      const from = new Date(bench.now().getTime() - since).toISOString();
      const value = metrics(bench, { since: from, dryRun });
      return { value, text: metricsText(value, { columns: call.columns, dryRun }) };
    }),
});

const THIRTY_DAYS_MS = 30 * 24 * 3_600_000;
