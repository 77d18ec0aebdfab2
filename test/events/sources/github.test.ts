import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../events/errors.ts';
import { normalize } from '../../../events/normalize.ts';
import { readCiReport } from '../../../events/sources/github.ts';

const options = { now: new Date('2026-12-01T00:00:00Z') };
const FIXTURES = join(import.meta.dirname, '../fixtures/github');
const fixture = (name: string) => readFileSync(join(FIXTURES, `${name}.json`), 'utf8');
const changed = (name: string, change: (body: Record<string, Record<string, unknown>>) => void) => {
  const body = JSON.parse(fixture(name));
  change(body);
  return JSON.stringify(body);
};

describe("GitHub's own examples of its webhooks", () => {
  it('tell a failed job, with or without the headers', () => {
    const [event, ...others] = normalize('github', fixture('workflow_job-completed'), options);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      source: 'github',
      actionable: true,
      severity: 'medium',
      type: 'CIFailure',
      message: 'CodeQL / linters: the step "Run yarn run format-check" failed',
      release: '3484a3fb816e0859fd6e1cea078d76385ff50625',
      url: 'https://github.com/octo-org/octo-repo/runs/1291536064',
      first_seen: '2021-08-05T10:38:16.000Z',
      labels: { repository: 'Codertocat/Hello-World', job: 'linters', branch: 'main' },
    });
    const headers = { 'x-github-event': 'workflow_job' };
    expect(normalize('github', fixture('workflow_job-completed'), { ...options, headers })).toEqual([event]);
    const form = `payload=${encodeURIComponent(fixture('workflow_job-completed'))}`;
    expect(normalize('github', form, options)).toEqual([event]);
  });

  it('tell a run and a check that did not fail, and what they would have been', () => {
    expect(normalize('github', fixture('workflow_run-completed'), options)).toMatchObject([
      { actionable: false, reason: 'the run did not fail' },
    ]);
    expect(normalize('github', fixture('check_run-completed'), options)).toMatchObject([
      { actionable: false, reason: 'the check did not fail' },
    ]);
    const run = changed('workflow_run-completed', ({ workflow_run }) =>
      Object.assign(workflow_run ?? {}, { conclusion: 'timed_out' }),
    );
    expect(normalize('github', run, options)).toMatchObject([
      { actionable: true, severity: 'high', message: 'a workflow ran out of time' },
    ]);
    const check = changed('check_run-completed', ({ check_run }) =>
      Object.assign(check_run ?? {}, { conclusion: 'failure' }),
    );
    expect(readCiReport(check, {})).toMatchObject({
      failure: { told: 'check', workflow: 'octocoders-linter', job: 'Octocoders-linter' },
    });
  });
});

it('starts nothing from what was cancelled, goes on, or is a bot', () => {
  const reason = (change: object, action = 'completed') =>
    normalize(
      'github',
      changed('workflow_run-completed', (body) => {
        Object.assign(body, { action });
        Object.assign(body.workflow_run ?? {}, { conclusion: 'failure', ...change });
      }),
      options,
    )[0]?.reason;
  expect(reason({ conclusion: 'cancelled' })).toBe('the run was cancelled');
  expect(reason({ conclusion: 'skipped' })).toBe('the run did not fail');
  expect(reason({}, 'requested')).toBe('the run has not ended');
  expect(reason({ head_branch: 'hotfix/auto-1a2b3c4d5e6f7890-2' })).toBe('it ran on a branch of our own');
  expect(reason({ head_branch: 'dependabot/npm/x' })).toBe("it ran on a bot's branch");
  expect(reason({ actor: { login: 'renovate[bot]', type: 'Bot' } })).toBe('a bot made it run');
  expect(reason({ head_repository: { full_name: 'mallory/octo-repo' } })).toContain('a fork');
  expect(reason({})).toBe(undefined);
});

it('answers any other body with a sentence', () => {
  const wrong = [
    fc.json(),
    fc.string(),
    fc.jsonValue().map((value) => JSON.stringify({ action: 'completed', workflow_job: value })),
  ];
  fc.assert(
    fc.property(
      fc.oneof(...wrong),
      fc.constantFrom('workflow_run', 'workflow_job', 'check_run', undefined),
      (body, event) => {
        try {
          readCiReport(body, { 'x-github-event': event });
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      },
    ),
    { numRuns: 500 },
  );
});
