/**
 * What GitHub tells of a failure of CI when it is asked: a run is taken apart into its failed jobs, of a job the failed
 * step's log is read, of any other check its annotations.
 */
import { type CiFailure, ciOccurrence } from '../../../events/ci/ci-failure.ts';
import type { Occurrence } from '../../../events/occurrence.ts';
import { readCiReport } from '../../../events/sources/github.ts';
import { type GitHub, openGitHub } from '../../publishing/github/client.ts';
import type { Problem } from '../../publishing/github/failure.ts';
import { whereIs } from '../../publishing/github/repository.ts';
import { githubToken, loginTo } from '../../publishing/github/token.ts';
import { askAnnotations, askJob, askJobLog, askJobs, askRun, type Job, type Run } from './ask.ts';
import { download } from './download.ts';
import { failureOfCheck, failureOfLog } from './failures.ts';
import { type Asked, leaveOut } from './leave-out.ts';

const FAILED = /^(?:failure|timed_out|startup_failure)$/;
/** A run of a matrix fails in all its jobs for one reason; a few of them tell it. */
const MOST_JOBS = 10;

export type NotRead =
  /** Asked again after a while it may tell; `afterMs` when GitHub said how long. */
  | { status: 'later'; why: string; afterMs?: number }
  /** It will not tell more than the webhook did. */
  | { status: 'unread'; why: string; failure: CiFailure };

export type Reading = { status: 'read'; occurrence: Occurrence } | { status: 'left_out'; why: string } | NotRead;

/** Why it cannot be asked, in place of the connection. */
export async function connect(
  env: Readonly<Record<string, string | undefined>>,
  repository: string,
  signal: AbortSignal | undefined,
): Promise<GitHub | string> {
  const [owner = '', name = ''] = repository.split('/');
  const host = URL.canParse(env.GITHUB_SERVER_URL ?? '') ? new URL(env.GITHUB_SERVER_URL ?? '').host : 'github.com';
  const where = whereIs({ host, owner, name }, { ...env });
  if (where === undefined) return 'it is not known where the API of GitHub is';
  const token = await githubToken({ ...env }, host, { signal });
  return token === undefined ? `there is no token for GitHub: ${loginTo(host)}` : openGitHub({ where, token, signal });
}

export async function readJobs(
  github: GitHub,
  failure: CiFailure,
): Promise<{ status: 'jobs'; jobs: CiFailure[] } | NotRead> {
  const jobs = await askJobs(github, failure.id);
  if (jobs.status === 'failed') return notRead(failure, jobs, github.now());
  const failed = jobs.data.filter(({ conclusion }) => FAILED.test(conclusion ?? '')).slice(0, MOST_JOBS);
  if (failed.length === 0) return { status: 'unread', why: 'no job of the run failed', failure };
  return {
    status: 'jobs',
    jobs: failed.map((job) => ({ ...failure, told: 'job' as const, id: job.id, run: failure.id, job: job.name })),
  };
}

/** Of a job or a check. */
export function readOne(
  github: GitHub,
  failure: CiFailure,
  asked: Asked,
  signal: AbortSignal | undefined,
): Promise<Reading> {
  return failure.told === 'check' ? readCheck(github, failure) : readJob(github, failure, asked, signal);
}

async function readJob(
  github: GitHub,
  told: CiFailure,
  asked: Asked,
  signal: AbortSignal | undefined,
): Promise<Reading> {
  const job = await askJob(github, told.id);
  if (job.status === 'failed') return notRead(told, job, github.now());
  const run = await askRun(github, job.data.run_id);
  if (run.status === 'failed') return notRead(told, run, github.now());
  const failure = completed(told, job.data, run.data);
  const why = whyNot(failure, run.data) ?? (await leaveOut(failure, asked));
  if (why !== undefined) return { status: 'left_out', why };
  const log = await askJobLog(github, told.id);
  if (log.status === 'failed') return notRead(failure, log, github.now());
  const downloaded = await download(log.data, signal);
  if (downloaded.ok) return { status: 'read', occurrence: failureOfLog(failure, job.data, downloaded.text) };
  return downloaded.gone
    ? { status: 'unread', why: downloaded.why, failure }
    : { status: 'later', why: downloaded.why };
}

async function readCheck(github: GitHub, failure: CiFailure): Promise<Reading> {
  const annotations = await askAnnotations(github, failure.id);
  if (annotations.status === 'failed') return notRead(failure, annotations, github.now());
  return { status: 'read', occurrence: failureOfCheck(failure, annotations.data) };
}

/** The error all the same; it says why it knows no more. */
export function withoutLog(failure: CiFailure, why: string): Occurrence {
  return ciOccurrence(failure, `not read: ${why}`);
}

/** What the webhook did not say. */
function completed(told: CiFailure, job: Job, run: Run): CiFailure {
  return {
    ...told,
    run: job.run_id,
    attempt: job.run_attempt,
    workflow: run.name || job.workflow_name || told.workflow,
    job: job.name,
    step: job.steps?.find(({ conclusion }) => FAILED.test(conclusion ?? ''))?.name ?? told.step,
    branch: run.head_branch ?? told.branch,
    commit: job.head_sha,
    conclusion: job.conclusion ?? told.conclusion,
    url: job.html_url ?? told.url,
  };
}

/** A job's webhook does not say whose run it is part of: judged by the run as if that had been told. */
function whyNot({ repository, defaultBranch }: CiFailure, run: Run): string | undefined {
  const body = {
    action: 'completed',
    workflow_run: { ...run, conclusion: run.conclusion ?? 'failure' },
    repository: { full_name: repository, default_branch: defaultBranch },
  };
  return readCiReport(JSON.stringify(body), { 'x-github-event': 'workflow_run' })?.notActionable;
}

function notRead(failure: CiFailure, { failure: problem }: Problem, now: Date): NotRead {
  switch (problem.status) {
    case 'unreachable': {
      const wait = problem.retry_after_s;
      return { status: 'later', why: problem.why, ...(wait !== undefined && { afterMs: wait * 1000 }) };
    }
    case 'rate_limited':
      return { status: 'later', why: problem.why, afterMs: Math.max(0, Date.parse(problem.until) - now.getTime()) };
    case 'not_permitted':
    case 'refused':
      return { status: 'unread', why: problem.why, failure };
    default:
      return problem satisfies never;
  }
}
