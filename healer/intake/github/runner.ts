/**
 * What is done for a failure of CI after its webhook was accepted: a run is taken apart into its failed jobs, of a job the
 * failed step's log is read, of any other check its annotations. Where that cannot be, what the webhook said is recorded.
 */
import {
  type CiFailure,
  ciFailureId,
  ciFailureSchema,
  ciOccurrence,
  jobsOfRun,
} from '../../../events/ci/ci-failure.ts';
import { toEvents } from '../../../events/normalize.ts';
import type { Occurrence } from '../../../events/occurrence.ts';
import { readCiReport } from '../../../events/sources/github.ts';
import { type Errand, knowsErrand } from '../../../store/errands.ts';
import { type GitHub, openGitHub } from '../../publishing/github/client.ts';
import type { Problem } from '../../publishing/github/failure.ts';
import { whereIs } from '../../publishing/github/repository.ts';
import { githubToken, loginTo } from '../../publishing/github/token.ts';
import type { ErrandOutcome, ErrandRunner } from '../errands.ts';
import type { Intake } from '../receive.ts';
import { record } from '../record.ts';
import { askAnnotations, askJob, askJobLog, askJobs, askRun, type Job, type Run } from './ask.ts';
import { download } from './download.ts';
import { failureOfCheck, failureOfLog } from './failures.ts';
import { leaveOut } from './leave-out.ts';

const FAILED = /^(?:failure|timed_out|startup_failure)$/;
/** A run of a matrix fails in all its jobs for one reason; a few of them tell it. */
const MOST_JOBS = 10;
const DONE: ErrandOutcome = { outcome: 'done' };

export function githubRunner(intake: Intake): ErrandRunner {
  return {
    kind: 'github',
    async run(errand, signal) {
      const failure = failureOf(errand);
      const github = await connect(intake, failure, signal);
      if (typeof github === 'string') return withoutLog(intake, failure, github);
      switch (failure.told) {
        case 'run':
          return takeApart(intake, failure, github);
        case 'job':
          return readJob(intake, failure, github, signal);
        case 'check':
          return readCheck(intake, failure, github);
        default:
          return failure.told satisfies never;
      }
    },
    async giveUp(errand, why) {
      await withoutLog(intake, failureOf(errand), why);
    },
  };
}

function failureOf({ payload }: Errand): CiFailure {
  return ciFailureSchema.parse(payload);
}

/** Why it cannot be asked, in place of the connection. */
async function connect({ env }: Intake, { repository }: CiFailure, signal: AbortSignal): Promise<GitHub | string> {
  const [owner = '', name = ''] = repository.split('/');
  const host = URL.canParse(env.GITHUB_SERVER_URL ?? '') ? new URL(env.GITHUB_SERVER_URL ?? '').host : 'github.com';
  const where = whereIs({ host, owner, name }, { ...env });
  if (where === undefined) return 'it is not known where the API of GitHub is';
  const token = await githubToken({ ...env }, host, { signal });
  return token === undefined ? `there is no token for GitHub: ${loginTo(host)}` : openGitHub({ where, token, signal });
}

async function takeApart(intake: Intake, failure: CiFailure, github: GitHub): Promise<ErrandOutcome> {
  const jobs = await askJobs(github, failure.id);
  if (jobs.status === 'failed') return refused(intake, failure, jobs);
  const failed = jobs.data.filter(({ conclusion }) => FAILED.test(conclusion ?? '')).slice(0, MOST_JOBS);
  if (failed.length === 0) return withoutLog(intake, failure, 'no job of the run failed');
  const errands = failed.map((job) => {
    const payload = { ...failure, told: 'job' as const, id: job.id, run: failure.id, job: job.name };
    return { id: ciFailureId(payload), kind: 'github', payload };
  });
  const { config } = await intake.settings();
  await record(intake, config, { source: 'github', id: undefined, events: [], errands });
  return DONE;
}

async function readJob(intake: Intake, told: CiFailure, github: GitHub, signal: AbortSignal): Promise<ErrandOutcome> {
  const job = await askJob(github, told.id);
  if (job.status === 'failed') return refused(intake, told, job);
  const run = await askRun(github, job.data.run_id);
  if (run.status === 'failed') return refused(intake, told, run);
  const failure = completed(told, job.data, run.data);
  const why =
    whyNot(failure, run.data) ??
    (await leaveOut(failure, { ...intake, ...(await intake.settings()), repository: intake.bench.repository }));
  if (why !== undefined) return { outcome: 'done', why };
  const log = await askJobLog(github, told.id);
  if (log.status === 'failed') return refused(intake, failure, log);
  const downloaded = await download(log.data, signal);
  if (!downloaded.ok)
    return downloaded.gone ? withoutLog(intake, failure, downloaded.why) : { outcome: 'later', why: downloaded.why };
  return finish(intake, failureOfLog(failure, job.data, downloaded.text));
}

async function readCheck(intake: Intake, failure: CiFailure, github: GitHub): Promise<ErrandOutcome> {
  const annotations = await askAnnotations(github, failure.id);
  if (annotations.status === 'failed') return refused(intake, failure, annotations);
  return finish(intake, failureOfCheck(failure, annotations.data));
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

function refused(intake: Intake, failure: CiFailure, { failure: problem }: Problem): Promise<ErrandOutcome> {
  switch (problem.status) {
    case 'unreachable': {
      const wait = problem.retry_after_s;
      return Promise.resolve({
        outcome: 'later',
        why: problem.why,
        ...(wait !== undefined && { afterMs: wait * 1000 }),
      });
    }
    case 'rate_limited': {
      const afterMs = Math.max(0, Date.parse(problem.until) - intake.bench.now().getTime());
      return Promise.resolve({ outcome: 'later', why: problem.why, afterMs });
    }
    case 'not_permitted':
    case 'refused':
      return withoutLog(intake, failure, problem.why);
    default:
      return problem satisfies never;
  }
}

/** The error is recorded all the same, and says why it knows no more. */
async function withoutLog(intake: Intake, failure: CiFailure, why: string): Promise<ErrandOutcome> {
  // Its jobs are told one by one, and say more.
  const elsewhere = failure.told === 'run' && knowsErrand(intake.bench.db, jobsOfRun(failure.repository, failure.id));
  if (!elsewhere) await finish(intake, ciOccurrence(failure, `not read: ${why}`));
  return { outcome: 'done', why };
}

async function finish(intake: Intake, occurrence: Occurrence): Promise<ErrandOutcome> {
  const { config, options } = await intake.settings();
  const events = toEvents('github', [occurrence], { ...options, now: intake.bench.now() });
  await record(intake, config, { source: 'github', id: undefined, events });
  return DONE;
}
