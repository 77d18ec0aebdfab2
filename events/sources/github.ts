/**
 * GitHub's webhooks `workflow_run`, `workflow_job` and `check_run`: each failed run, job or check is one error. What it
 * was stands in its log, which is fetched after the delivery; this tells what the payload alone says. And
 * `deployment_status`, which is no error.
 */
import { z } from 'zod';
import { type CiFailure, ciOccurrence } from '../ci/ci-failure.ts';
import { parseJson } from '../json-body.ts';
import { parseTime } from '../log-line/time.ts';
import type { Occurrence } from '../occurrence.ts';
import type { Headers } from './reader.ts';

const text = z.string().max(10_000);
const id = z.int().nonnegative();
const person = z.object({ login: text, type: text.nullish() });
const repository = z.object({
  full_name: z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/),
  default_branch: text.nullish(),
});
const common = { action: text, repository, sender: person.nullish() };

const runSchema = z.object({
  ...common,
  workflow_run: z.object({
    id,
    name: text.nullish(),
    run_attempt: id.default(1),
    head_branch: text.nullish(),
    head_sha: text,
    conclusion: text.nullish(),
    html_url: text.nullish(),
    updated_at: text.nullish(),
    actor: person.nullish(),
    head_repository: z.object({ full_name: text }).nullish(),
  }),
});
const jobSchema = z.object({
  ...common,
  workflow_job: z.object({
    id,
    run_id: id,
    run_attempt: id.default(1),
    name: text,
    workflow_name: text.nullish(),
    head_branch: text.nullish(),
    head_sha: text,
    conclusion: text.nullish(),
    html_url: text.nullish(),
    completed_at: text.nullish(),
    steps: z.array(z.object({ name: text, conclusion: text.nullish() })).default([]),
  }),
});
const checkSchema = z.object({
  ...common,
  check_run: z.object({
    id,
    name: text,
    head_sha: text,
    conclusion: text.nullish(),
    html_url: text.nullish(),
    details_url: text.nullish(),
    completed_at: text.nullish(),
    app: z.object({ slug: text.nullish(), name: text.nullish() }).nullish(),
    check_suite: z.object({ head_branch: text.nullish() }).nullish(),
    output: z
      .object({ title: z.string().nullish(), summary: z.string().nullish(), text: z.string().nullish() })
      .nullish(),
  }),
});

/** The webhooks that tell of CI; a repository may send any other to the same address. */
const SCHEMAS = { workflow_run: runSchema, workflow_job: jobSchema, check_run: checkSchema };
type Known = keyof typeof SCHEMAS;

const deploymentSchema = z.object({
  repository,
  deployment_status: z.object({
    id,
    state: text,
    environment: text.nullish(),
    created_at: text.nullish(),
    updated_at: text.nullish(),
  }),
  deployment: z.object({
    sha: z.string().regex(/^[0-9a-f]{40,64}$/),
    environment: text.nullish(),
    production_environment: z.boolean().nullish(),
    transient_environment: z.boolean().nullish(),
  }),
});

export interface ToldDeployment {
  repository: string;
  /** Of the status. */
  id: number;
  commit: string;
  environment: string;
  production: boolean;
  /** ISO 8601; undefined when it is not said. */
  time: string | undefined;
}

/** A deploy that went well and is meant to stay; undefined for every other webhook. Throws UserError for a broken one. */
export function readDeployment(sent: string, headers: Headers): ToldDeployment | undefined {
  if (headers['x-github-event'] !== 'deployment_status') return undefined;
  const {
    repository,
    deployment,
    deployment_status: status,
  } = parseJson(bodyOf(sent), deploymentSchema, "GitHub's webhook deployment_status");
  if (status.state !== 'success' || deployment.transient_environment === true) return undefined;
  const environment = status.environment || deployment.environment || '';
  return {
    repository: repository.full_name,
    id: status.id,
    commit: deployment.sha,
    environment,
    production: deployment.production_environment ?? environment.toLowerCase() === 'production',
    time: parseTime(status.updated_at ?? status.created_at ?? undefined),
  };
}

const OURS = /^hotfix\/auto-/;
/** Where bots that say nothing of themselves work. */
const OF_A_BOT = /^(?:dependabot|renovate)\//;
const FAILED = new Set(['failure', 'timed_out', 'startup_failure']);

export interface CiReport {
  failure: CiFailure;
  /** Why nothing starts from it. */
  notActionable: string | undefined;
}

export function readGithub(body: string, headers: Headers): Occurrence[] {
  // No error, and refused when it is broken.
  if (readDeployment(body, headers)) return [];
  const report = readCiReport(body, headers);
  return report ? [{ ...ciOccurrence(report.failure), notActionable: report.notActionable }] : [];
}

/** Undefined for a webhook that tells of nothing that ran. A form, which GitHub offers first, is read too. Throws UserError for a body that is none of GitHub's. */
export function readCiReport(sent: string, headers: Headers): CiReport | undefined {
  const body = bodyOf(sent);
  const event = headers['x-github-event'] ?? eventOf(body);
  if (event !== 'workflow_run' && event !== 'workflow_job' && event !== 'check_run') {
    parseJson(body, z.object({}), 'a webhook of GitHub');
    return undefined;
  }
  const what = `GitHub's webhook ${event}`;
  switch (event) {
    case 'workflow_run':
      return ofRun(parseJson(body, runSchema, what));
    case 'workflow_job':
      return ofJob(parseJson(body, jobSchema, what));
    case 'check_run':
      return ofCheck(parseJson(body, checkSchema, what));
    default:
      return event satisfies never;
  }
}

/** A form, which GitHub offers first, holds it as one field. */
function bodyOf(sent: string): string {
  return sent.startsWith('payload=') ? (new URLSearchParams(sent).get('payload') ?? '') : sent;
}

/** For a payload that was saved without its headers. */
function eventOf(body: string): Known {
  const keys = parseJson(body, z.record(z.string(), z.unknown()), 'a webhook of GitHub');
  const found = Object.keys(SCHEMAS).find((name): name is Known => Object.hasOwn(keys, name));
  return found ?? 'workflow_run';
}

function ofRun({ action, repository, workflow_run: run }: z.output<typeof runSchema>): CiReport {
  const fork = run.head_repository && run.head_repository.full_name !== repository.full_name;
  return {
    failure: {
      told: 'run',
      ...about(repository),
      id: run.id,
      attempt: run.run_attempt,
      workflow: run.name || 'a workflow',
      branch: run.head_branch ?? undefined,
      commit: run.head_sha,
      conclusion: run.conclusion ?? 'none',
      url: run.html_url ?? undefined,
      time: parseTime(run.updated_at ?? undefined),
    },
    notActionable:
      whyNot(action, 'run', run.conclusion, run.head_branch) ??
      (fork ? 'it ran on a fork, whose branch is not ours to change' : undefined) ??
      botWhy(run.actor),
  };
}

function ofJob({ action, repository, workflow_job: job, sender }: z.output<typeof jobSchema>): CiReport {
  return {
    failure: {
      told: 'job',
      ...about(repository),
      id: job.id,
      run: job.run_id,
      attempt: job.run_attempt,
      workflow: job.workflow_name || 'a workflow',
      job: job.name,
      step: job.steps.find(({ conclusion }) => FAILED.has(conclusion ?? ''))?.name,
      branch: job.head_branch ?? undefined,
      commit: job.head_sha,
      conclusion: job.conclusion ?? 'none',
      url: job.html_url ?? undefined,
      time: parseTime(job.completed_at ?? undefined),
    },
    notActionable: whyNot(action, 'job', job.conclusion, job.head_branch) ?? botWhy(sender),
  };
}

function ofCheck({ action, repository, check_run: check }: z.output<typeof checkSchema>): CiReport {
  const branch = check.check_suite?.head_branch ?? undefined;
  // A job of GitHub Actions is a check of the same number: told as both, it is one.
  const run = /\/actions\/runs\/(\d{1,15})\/job\//.exec(check.details_url ?? check.html_url ?? '')?.[1];
  const job = check.app?.slug === 'github-actions' && run !== undefined;
  const output = [check.output?.title, check.output?.summary, check.output?.text].filter(Boolean).join('\n').trim();
  return {
    failure: {
      told: job ? 'job' : 'check',
      ...about(repository),
      id: check.id,
      ...(job ? { run: Number(run) } : {}),
      // The check does not say it; the job does, when it is asked.
      attempt: job ? 0 : 1,
      workflow: job ? 'a workflow' : (check.app?.name ?? check.name),
      job: check.name,
      branch,
      commit: check.head_sha,
      conclusion: check.conclusion ?? 'none',
      url: check.html_url ?? undefined,
      time: parseTime(check.completed_at ?? undefined),
      output: output === '' ? undefined : output.slice(0, 100_000),
    },
    notActionable: whyNot(action, 'check', check.conclusion, branch),
  };
}

function about({ full_name, default_branch }: z.output<typeof repository>) {
  return { repository: full_name, defaultBranch: default_branch ?? undefined };
}

function whyNot(
  action: string,
  what: 'run' | 'job' | 'check',
  conclusion: string | null | undefined,
  branch: string | null | undefined,
): string | undefined {
  if (action !== 'completed') return `the ${what} has not ended`;
  if (conclusion === 'cancelled') return `the ${what} was cancelled`;
  if (!FAILED.has(conclusion ?? '')) return `the ${what} did not fail`;
  if (OURS.test(branch ?? '')) return 'it ran on a branch of our own';
  if (OF_A_BOT.test(branch ?? '')) return "it ran on a bot's branch";
  return undefined;
}

function botWhy(who: z.output<typeof person> | null | undefined): string | undefined {
  return who?.type === 'Bot' || who?.login.endsWith('[bot]') ? 'a bot made it run' : undefined;
}
