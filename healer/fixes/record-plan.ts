/** The tool `record_plan`: scope reduction into 3 to 5 subtasks, in the one run that is asked for a plan. */
import { relative, resolve, sep } from 'node:path';
import { matches } from '../../context/path-rules.ts';
import { UserError } from '../../events/errors.ts';
import { savePlan } from '../../store/plans.ts';
import type { Workbench } from '../workbench.ts';
import { requireFixable } from './autonomy.ts';
import type { OpenFix } from './open-fix.ts';
import { requireFix } from './require-fix.ts';
import { partOf, type Subtask } from './subtask.ts';

export interface PlanResult {
  /** Titles in an order in which every subtask comes after what it depends on. */
  order: string[];
  /** What the caller does next: one sentence. */
  next: string;
}

/** Throws UserError `not_allowed` in every run but one that is to make a plan, `bad_input` with what is wrong in it. */
export async function recordPlan(bench: Workbench, incident: string, subtasks: Subtask[]): Promise<PlanResult> {
  const fix = await requireFix(bench, incident);
  const part = partOf(bench, fix);
  if (part !== 'plan')
    throw new UserError(
      'No plan is asked for here: an unattended heal asks for one, once its retries are used up.',
      part === 'subtask'
        ? 'Do the subtask you were given; call verify_fix when it is done.'
        : 'Make the smallest fix and call verify_fix, or escalate with the parts that you would make of it.',
      'not_allowed',
    );
  const { diagnosis } = await requireFixable(bench, fix);
  const plan = orderedPlan(fix, diagnosis.affected_files, subtasks);
  savePlan(bench.db, { incident, round: fix.round, subtasks: plan, at: bench.now().toISOString() });
  return { order: plan.map(({ title }) => title), next: 'The plan is recorded: end here, other runs carry it out.' };
}

/** The subtasks in the order in which they are carried out. Throws UserError with what is wrong. */
export function orderedPlan(
  { worktree, law }: Pick<OpenFix, 'worktree' | 'law'>,
  diagnosed: readonly string[],
  subtasks: readonly Subtask[],
): Subtask[] {
  if (subtasks.length < 3 || subtasks.length > 5)
    throw new UserError(`A plan has 3 to 5 subtasks; this one has ${subtasks.length}.`, 'Split or join subtasks.');
  const order = dependencyOrder(subtasks);
  const cleaned = subtasks.map((subtask) => ({
    ...subtask,
    files: subtask.files.map((file) => relative(worktree, resolve(worktree, file)).split(sep).join('/')),
  }));
  for (const { title, files, criteria } of cleaned) {
    const outside = files.find((file) => !diagnosed.includes(file) && !matches(law.config.tests.paths, file));
    if (outside !== undefined)
      throw new UserError(
        `"${outside}" of the subtask "${title}" is no test, and not among the diagnosed files (${diagnosed.join(', ')}).`,
        'Name diagnosed files and tests only; record_diagnosis widens the diagnosis, with a reason.',
      );
    if (criteria.some(({ gate }) => gate !== undefined))
      throw new UserError(
        `A criterion of the subtask "${title}" is the gate, which judges the whole.`,
        'Give a command, file_exists or file_contains by which this part alone can be judged.',
      );
  }
  return order.flatMap((title) => cleaned.filter((subtask) => subtask.title === title));
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
