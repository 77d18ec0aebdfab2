/** A failed run of CI on the loopback GitHub, with its logs in a store of their own, as the real one has it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { type LoopbackGitHub, type LoopbackOptions, openLoopback } from '../../publishing/github/loopback.ts';
import type { LoopbackJob, LoopbackRun } from '../../publishing/github/loopback-ci.ts';

const SHA = '3484a3fb816e0859fd6e1cea078d76385ff50625';
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

export interface LogStore {
  /** Headers of every request. */
  requests: Record<string, string | string[] | undefined>[];
  /** Statuses that are answered once each in place of a log. */
  failures: number[];
  /** Waited for before a log is given. */
  hold: (() => Promise<void>) | undefined;
}

export interface FailedRuns {
  github: LoopbackGitHub;
  store: LogStore;
  env: Record<string, string>;
  /** A run with one failed job whose step printed this. */
  add(changes?: FailedRun): { run: LoopbackRun; job: LoopbackJob };
}

export interface FailedRun {
  run?: Partial<LoopbackRun>;
  job?: Partial<LoopbackJob>;
  command?: string;
  output?: string;
}

export async function failedRuns(options: Partial<LoopbackOptions> = {}): Promise<FailedRuns> {
  const github = await openLoopback({ git: '/nowhere', ...options });
  const logs = new Map<string, string>();
  const store: LogStore = { requests: [], failures: [], hold: undefined };
  const server = createServer(async (request, response) => {
    store.requests.push(request.headers);
    await store.hold?.();
    const status = store.failures.shift();
    if (status !== undefined) response.writeHead(status).end('<Error/>');
    else response.end(logs.get(request.url ?? '') ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () => github.close(),
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  let last = 289_782_450;
  return {
    github,
    store,
    env: { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.apiUrl },
    add({ run: ofRun = {}, job: ofJob = {}, command = 'npm test', output = '' } = {}) {
      const run: LoopbackRun = {
        id: ++last,
        name: 'CI',
        run_attempt: 1,
        head_branch: 'main',
        head_sha: SHA,
        conclusion: 'failure',
        html_url: `https://github.com/acme/shop/actions/runs/${last}`,
        actor: { login: 'grace', type: 'User' },
        head_repository: { full_name: 'acme/shop' },
        repository: { full_name: 'acme/shop' },
        ...ofRun,
      };
      const job: LoopbackJob = {
        id: ++last,
        run_id: run.id,
        run_attempt: 1,
        name: 'test',
        workflow_name: 'CI',
        head_branch: run.head_branch ?? null,
        head_sha: SHA,
        conclusion: 'failure',
        html_url: `${run.html_url}/job/${last}`,
        completed_at: '2026-11-20T10:00:20Z',
        steps: [
          step('Set up job', 'success', 1),
          step('Run npm ci', 'success', 5),
          step(`Run ${command}`, 'failure', 10),
          step('Complete job', 'success', 20),
        ],
        ...ofJob,
      };
      github.state.ci.runs.push(run);
      github.state.ci.jobs.push(job);
      const { port } = server.address() as AddressInfo;
      const path = `/logs/${job.id}?sig=key-of-the-log`;
      logs.set(path, jobLog(command, output));
      github.state.ci.logs[job.id] = `http://127.0.0.1:${port}${path}`;
      return { run, job };
    },
  };
}

function step(name: string, conclusion: string, second: number) {
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, seconds)).toISOString().replace('.000', '');
  return {
    name,
    status: 'completed' as const,
    conclusion,
    number: second,
    started_at: at(second),
    completed_at: at(second + 4),
  };
}

/** As the runner of GitHub Actions writes it: a time before every line, marks of its own, colours. */
export function jobLog(command: string, output: string): string {
  const at = (second: number, lines: string[]) =>
    lines.map((line) => `2026-11-20T10:00:${String(second).padStart(2, '0')}.1234567Z ${line}`);
  const header = (what: string) => [
    `##[group]Run ${what}`,
    `\u001b[36;1m${what}\u001b[0m`,
    'shell: /usr/bin/bash -e {0}',
    'env:',
    '  TOKEN: ***',
    '##[endgroup]',
  ];
  const old = 'npm warn deprecated old@1.0.0: src/old.js:1:1: error of the past';
  return `\ufeff${[
    ...at(1, ['Current runner version: 2.320.0', '##[group]Operating System', 'Ubuntu', '##[endgroup]']),
    ...at(5, [...header('npm ci'), old, 'added 300 packages']),
    ...at(10, [...header(command), ...output.trimEnd().split('\n'), '##[error]Process completed with exit code 1.']),
    ...at(20, ['Post job cleanup.', 'Error: src/cleanup.js:9:9: not this one']),
  ].join('\r\n')}\r\n`;
}

const repository = { full_name: 'acme/shop', default_branch: 'main' };
const sender = { login: 'grace', type: 'User' };

/** The webhook `workflow_job` of it. */
export function jobWebhook(job: LoopbackJob): string {
  return JSON.stringify({ action: 'completed', workflow_job: job, repository, sender });
}

export function runWebhook(run: LoopbackRun): string {
  return JSON.stringify({ action: 'completed', workflow_run: run, repository, sender });
}
