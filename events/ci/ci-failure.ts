/** A run, a job or a check of a CI that failed, as its webhook told it: what is asked for its log, and what is said without one. */
import { z } from 'zod';
import { eventId } from '../event-id.ts';
import type { Occurrence } from '../occurrence.ts';

const id = z.int().nonnegative();

export const ciFailureSchema = z.object({
  told: z.enum(['run', 'job', 'check']),
  /** `owner/name` */
  repository: z.string(),
  /** Of the run, the job or the check. */
  id,
  /** The run that a job belongs to. */
  run: id.optional(),
  attempt: id,
  /** The workflow's name; of a check, the app that made it. */
  workflow: z.string(),
  job: z.string().optional(),
  /** The first step that failed. */
  step: z.string().optional(),
  branch: z.string().optional(),
  defaultBranch: z.string().optional(),
  /** The commit that it ran on. */
  commit: z.string(),
  conclusion: z.string(),
  url: z.string().optional(),
  time: z.string().optional(),
  /** What a check says of itself. */
  output: z.string().optional(),
});
export type CiFailure = z.infer<typeof ciFailureSchema>;

/** Where it is to be looked for: the same whoever tells it, and whenever it is told again. */
export function ciFailureId({ told, repository, id: own, run, attempt }: CiFailure): string {
  switch (told) {
    case 'run':
      return `github:${repository}:run:${own}:attempt:${attempt}`;
    case 'job':
      // Another attempt of a run has other jobs.
      return `${jobsOfRun(repository, run ?? 0)}${own}`;
    case 'check':
      return `github:${repository}:check:${own}`;
    default:
      return told satisfies never;
  }
}

/** How the ids of all jobs of a run begin. */
export function jobsOfRun(repository: string, run: number): string {
  return `github:${repository}:run:${run}:job:`;
}

/** What is known without any log. `log`: why there is none, when that is known. */
export function ciOccurrence(failure: CiFailure, log?: string): Occurrence {
  const { workflow, job, step, conclusion, output } = failure;
  const where = job === undefined || job === workflow ? workflow : `${workflow} / ${job}`;
  const how = conclusion === 'timed_out' ? 'ran out of time' : 'failed';
  return {
    ...ciContext(failure),
    id: eventId('github', ciFailureId(failure)),
    type: 'CIFailure',
    message: step === undefined ? `${where} ${how}` : `${where}: the step "${step}" ${how}`,
    text: output,
    annotations: log === undefined ? undefined : { log },
  };
}

/** What every error that is found in it has in common. */
export function ciContext(
  failure: CiFailure,
): Pick<Occurrence, 'severity' | 'time' | 'release' | 'url' | 'labels' | 'group'> {
  const { repository, workflow, job, step, branch, defaultBranch, commit, url, time } = failure;
  return {
    // Nobody counts failed runs: one on the branch that everybody works from is worse than one on a change.
    severity: branch !== undefined && branch === defaultBranch ? 'high' : 'medium',
    time,
    release: commit,
    url,
    group: `${repository} ${workflow}`,
    labels: { repository, workflow, job, step, branch, commit },
  };
}
