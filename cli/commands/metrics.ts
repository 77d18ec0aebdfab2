import { z } from 'zod';
import { durationTextSchema } from '../../context/schemas/duration.ts';
import { metrics } from '../../healer/metrics/metrics.ts';
import { withBench } from '../bench.ts';
import { command, JSON_OPTION } from '../command.ts';
import { metricsText } from '../formats/metrics-text.ts';

export const metricsCommand = command({
  name: 'metrics',
  summary: 'how many errors were fixed, how fast, how well, and what it cost',
  options: [['--since <duration>', 'errors that came to an end in this time (default 30d)'], JSON_OPTION],
  input: z.object({ since: durationTextSchema.prefault('30d') }),
  run: ({ since }, call) =>
    withBench(call, async (bench) => {
      const value = metrics(bench, since);
      return { value, text: metricsText(value, call.columns) };
    }),
});
