/** The tool `record_plan`: scope reduction into 3 to 5 subtasks. Validated and stored; carrying it out comes later. */
import { UserError } from '../../events/errors.ts';
import { savePlan } from '../../store/plans.ts';
import type { Workbench } from '../workbench.ts';
import { requireFix } from './require-fix.ts';

export interface Subtask {
  title: string;
  goal: string;
  files: string[];
  /** Titles of subtasks that come before. */
  depends_on: string[];
  criteria: string[];
}

export interface PlanResult {
  /** Titles in an order in which every subtask comes after what it depends on. */
  order: string[];
}

export async function recordPlan(bench: Workbench, incident: string, subtasks: Subtask[]): Promise<PlanResult> {
  const fix = await requireFix(bench, incident);
  if (subtasks.length < 3 || subtasks.length > 5)
    throw new UserError(`A plan has 3 to 5 subtasks; this one has ${subtasks.length}.`, 'Split or join subtasks.');
  const order = dependencyOrder(subtasks);
  savePlan(bench.db, { incident, round: fix.round, subtasks, at: bench.now().toISOString() });
  return { order };
}

/** Throws UserError for a title that is there twice, a dependency that does not exist, or a circle. */
export function dependencyOrder(subtasks: readonly Pick<Subtask, 'title' | 'depends_on'>[]): string[] {
  const titles = new Set<string>();
  for (const { title } of subtasks) {
    if (titles.has(title)) throw new UserError(`Two subtasks are called "${title}".`, 'Give each its own title.');
    titles.add(title);
  }
  for (const { title, depends_on } of subtasks) {
    const missing = depends_on.find((other) => !titles.has(other));
    if (missing !== undefined)
      throw new UserError(
        `The subtask "${title}" depends on "${missing}", which is not in the plan.`,
        `depends_on names titles of the same plan: ${[...titles].join(', ')}.`,
      );
  }
  const order: string[] = [];
  let waiting = [...subtasks];
  while (waiting.length > 0) {
    const ready = waiting.filter(({ depends_on }) => depends_on.every((other) => order.includes(other)));
    if (ready.length === 0)
      throw new UserError(
        `These subtasks wait for each other: ${waiting.map(({ title }) => `"${title}"`).join(', ')}.`,
        'Remove a dependency so that one of them can come first.',
      );
    order.push(...ready.map(({ title }) => title));
    waiting = waiting.filter((subtask) => !ready.includes(subtask));
  }
  return order;
}
