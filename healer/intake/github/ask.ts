/** What GitHub's API says of a run, a job and a check: only the fields that are used. */
import { z } from 'zod';
import type { Answer, GitHub } from '../../publishing/github/client.ts';

const text = z.string();
const person = z.object({ login: text, type: text.nullish() }).nullish();

const runSchema = z.object({
  id: z.int(),
  name: text.nullish(),
  run_attempt: z.int().default(1),
  head_branch: text.nullish(),
  head_sha: text,
  conclusion: text.nullish(),
  html_url: text.nullish(),
  actor: person,
  head_repository: z.object({ full_name: text }).nullish(),
  repository: z.object({ full_name: text }),
});
export type Run = z.output<typeof runSchema>;

const jobSchema = z.object({
  id: z.int(),
  run_id: z.int(),
  run_attempt: z.int().default(1),
  name: text,
  workflow_name: text.nullish(),
  head_branch: text.nullish(),
  head_sha: text,
  conclusion: text.nullish(),
  html_url: text.nullish(),
  completed_at: text.nullish(),
  steps: z
    .array(
      z.object({
        name: text,
        conclusion: text.nullish(),
        started_at: text.nullish(),
        completed_at: text.nullish(),
      }),
    )
    .nullish(),
});
export type Job = z.output<typeof jobSchema>;

const annotationSchema = z.object({
  path: text,
  start_line: z.int().nonnegative(),
  start_column: z.int().nonnegative().nullish(),
  annotation_level: text.nullish(),
  title: text.nullish(),
  message: text.nullish(),
});
export type Annotation = z.output<typeof annotationSchema>;

/** GitHub's largest page: of a run with more jobs, and a check with more annotations, the first hundred are enough. */
const per_page = 100;

export function askRun(github: GitHub, run: number): Promise<Answer<Run>> {
  return github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/runs/{run}',
    parameters: { ...of(github), run },
    answer: runSchema,
    what: `read the run ${run}`,
    needs: 'actions: read',
  });
}

export function askJobs(github: GitHub, run: number): Promise<Answer<Job[]>> {
  return github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/runs/{run}/jobs',
    parameters: { ...of(github), run, filter: 'latest', per_page },
    answer: z.object({ jobs: z.array(jobSchema) }).transform(({ jobs }) => jobs),
    what: `list the jobs of the run ${run}`,
    needs: 'actions: read',
  });
}

export function askJob(github: GitHub, job: number): Promise<Answer<Job>> {
  return github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/jobs/{job}',
    parameters: { ...of(github), job },
    answer: jobSchema,
    what: `read the job ${job}`,
    needs: 'actions: read',
  });
}

/** Where the log can be fetched for a minute, without a token. */
export function askJobLog(github: GitHub, job: number): Promise<Answer<string>> {
  return github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/jobs/{job}/logs',
    parameters: { ...of(github), job },
    answer: z.url({ protocol: /^https?$/ }),
    location: true,
    what: `tell where the log of the job ${job} is`,
    needs: 'actions: read',
  });
}

export function askAnnotations(github: GitHub, check: number): Promise<Answer<Annotation[]>> {
  return github.ask({
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-runs/{check}/annotations',
    parameters: { ...of(github), check, per_page },
    answer: z.array(annotationSchema),
    what: `list the annotations of the check ${check}`,
    needs: 'checks: read',
  });
}

function of({ where }: GitHub): { owner: string; repo: string } {
  return { owner: where.owner, repo: where.name };
}
