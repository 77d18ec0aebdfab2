/** One part of a plan, as `record_plan` takes it and as the parent carries it out. */
import { z } from 'zod';
import { configSchema } from '../../context/schemas/config.ts';
import { subtasksOf } from '../../store/plans.ts';
import { type RunPart, runOf } from '../../store/runs.ts';
import type { Workbench } from '../workbench.ts';
import type { OpenFix } from './open-fix.ts';

const criterion = configSchema.shape.criteria.unwrap().element;

export const subtaskSchema = z.strictObject({
  title: z.string().min(1).max(80),
  goal: z.string().min(1).max(600).describe('What is true afterwards'),
  files: z.array(z.string().min(1)).min(1).describe('Diagnosed files and tests only'),
  depends_on: z.array(z.string()).describe('Titles of subtasks that come before'),
  criteria: z.array(criterion).min(1).describe('Checked after its run; a command runs tests'),
});
export type Subtask = z.output<typeof subtaskSchema>;

/** What the run of a headless agent is for; undefined for the whole fix, and where this process serves no such run. */
export function partOf(bench: Workbench, { run }: Pick<OpenFix, 'run'>): RunPart | undefined {
  if (bench.role !== 'child' || run === undefined) return undefined;
  return runOf(bench.db, run)?.part ?? undefined;
}

/** The subtask that the run of this headless agent is for. */
export function subtaskOfRun(bench: Workbench, fix: OpenFix): Subtask | undefined {
  if (partOf(bench, fix) !== 'subtask') return undefined;
  const attempt = runOf(bench.db, fix.run ?? '')?.attempt;
  const row = subtasksOf(bench.db, fix.incident, fix.round).find((one) => one.attempt === attempt);
  return row && subtaskSchema.parse(row.subtask);
}
