import { z } from 'zod';
import { countsSchema } from '../../gate/verification.ts';
import { runScenarios } from '../../healer/fixes/run-scenarios.ts';
import { tool } from '../tool.ts';
import { dataBlock, incidentField } from './fields.ts';

export const runScenariosTool = tool({
  name: 'run_scenarios',
  title: 'Run scenarios',
  description:
    'Runs scenarios and counts their cases, in the worktree of a fix or on its base. For quick feedback while fixing; only verify_fix gives a verdict. Without ids, files or tags all of them run.',
  input: z.strictObject({
    incident: incidentField.optional(),
    ids: z.array(z.string()).optional(),
    files: z.array(z.string()).optional().describe('Scenarios that cover these files'),
    tags: z.array(z.string()).optional(),
    at: z.enum(['worktree', 'base']).default('worktree'),
  }),
  output: z.object({
    scenarios: z.array(
      z.object({
        id: z.string(),
        status: z.enum(['passed', 'failed', 'timed_out', 'already_failing', 'flaky', 'unproven', 'error']),
        seconds: z.number(),
        counts: countsSchema.nullable(),
        tail: z.string(),
      }),
    ),
    counts: z.record(z.string(), z.number()),
  }),
  annotations: { readOnlyHint: false },
  binding: 'reads',
  async run(input, { bench, signal, progress }) {
    const result = await runScenarios(bench, { ...input, signal, onProgress: progress });
    const lines = result.scenarios.map(
      (s) =>
        `${s.id}: ${s.status}${s.counts ? ` (${s.counts.passed} passed, ${s.counts.failed} failed, ${s.counts.skipped} skipped)` : ''} in ${s.seconds.toFixed(1)} s`,
    );
    const tails = result.scenarios
      .filter((s) => s.status !== 'passed' && s.tail)
      .map((s) => `${s.id}:\n${dataBlock(s.tail)}`);
    return { text: [...lines, ...tails].join('\n'), value: result };
  },
});
