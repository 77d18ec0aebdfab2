/** Runs of GitHub Actions, their jobs and logs, and checks, as the loopback GitHub answers for them. */
import type { Needs } from './loopback-access.ts';
import { ok, type Reply, refusal } from './loopback-reply.ts';
import type { Official } from './official.ts';

export type LoopbackRun = Official<'GET /repos/{owner}/{repo}/actions/runs/{run_id}'> & { id: number };
export type LoopbackJob = Official<'GET /repos/{owner}/{repo}/actions/jobs/{job_id}'> & { id: number; run_id: number };
type LoopbackAnnotation = Official<'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations'>[number];

export interface CiState {
  runs: LoopbackRun[];
  jobs: LoopbackJob[];
  /** By check. */
  annotations: Record<string, LoopbackAnnotation[]>;
  /** By job: the address that GitHub redirects to. */
  logs: Record<string, string>;
}

interface CiRoute {
  name: string;
  pattern: RegExp;
  needs: Needs;
  run(call: { state: { ci: CiState }; part: string }): Reply;
}

const missing = () => refusal(404, 'Not Found');

export const CI_ROUTES: CiRoute[] = [
  {
    name: 'GET /actions/runs/{run_id}/jobs',
    pattern: /^\/actions\/runs\/(\d+)\/jobs$/,
    needs: ['actions=read'],
    run: ({ state: { ci }, part }) => {
      const jobs = ci.jobs.filter(({ run_id }) => String(run_id) === part);
      return ok({ total_count: jobs.length, jobs });
    },
  },
  {
    name: 'GET /actions/runs/{run_id}',
    pattern: /^\/actions\/runs\/(\d+)$/,
    needs: ['actions=read'],
    run: ({ state: { ci }, part }) => {
      const run = ci.runs.find(({ id }) => String(id) === part);
      return run ? ok(run) : missing();
    },
  },
  {
    name: 'GET /actions/jobs/{job_id}/logs',
    pattern: /^\/actions\/jobs\/(\d+)\/logs$/,
    needs: ['actions=read'],
    run: ({ state: { ci }, part }) => {
      const location = ci.logs[part];
      return location === undefined ? missing() : { status: 302, headers: { location }, body: '' };
    },
  },
  {
    name: 'GET /actions/jobs/{job_id}',
    pattern: /^\/actions\/jobs\/(\d+)$/,
    needs: ['actions=read'],
    run: ({ state: { ci }, part }) => {
      const job = ci.jobs.find(({ id }) => String(id) === part);
      return job ? ok(job) : missing();
    },
  },
  {
    name: 'GET /check-runs/{check_run_id}/annotations',
    pattern: /^\/check-runs\/(\d+)\/annotations$/,
    needs: ['checks=read'],
    run: ({ state: { ci }, part }) => ok(ci.annotations[part] ?? []),
  },
];
