import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { channelCheck, tokenCheck } from '../../../cli/doctor/tokens.ts';
import { defaultConfig } from '../../../context/schemas/config.ts';

const SECRET = 'ghp_0123456789abcdefghij0123456789abcdef';
const NOBODY = { PATH: '/nowhere' };

function ask(remote: string | undefined, env: NodeJS.ProcessEnv, provider: 'auto' | 'github' | 'branch' = 'auto') {
  const cwd = mkdtempSync(join(tmpdir(), 'tokens-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd });
  if (remote !== undefined) execFileSync('git', ['remote', 'add', 'origin', remote], { cwd });
  return tokenCheck({ cwd, env, settings: { ...defaultConfig().publish, provider } });
}

it.each([
  ['no remote', undefined, NOBODY, 'ok', 'stays a branch here'],
  ['another server', 'https://git.example.invalid/a/b.git', NOBODY, 'ok', 'not on GitHub'],
  [
    'GitHub and a token',
    'git@github.com:team/shop.git',
    { GITHUB_TOKEN: SECRET },
    'ok',
    'github.com/team/shop (not tried)',
  ],
  ['GitHub without one', 'https://github.com/team/shop', NOBODY, 'warn', 'no pull request is opened'],
] as const)('%s', async (_case, remote, env, status, detail) => {
  const answer = await ask(remote, env);
  expect(answer).toMatchObject({ name: 'tokens', status, detail: expect.stringContaining(detail) });
  expect(JSON.stringify(answer)).not.toContain(SECRET);
  expect(answer.fix).toBe(status === 'ok' ? '' : 'Set GITHUB_TOKEN, or run `gh auth login`.');
});

it('is a failure where the configuration demands pull requests, and nothing where it wants branches', async () => {
  expect(await ask('https://github.com/team/shop', NOBODY, 'github')).toMatchObject({ status: 'fail' });
  expect(await ask('https://github.com/team/shop', NOBODY, 'branch')).toMatchObject({ status: 'ok', fix: '' });
});

it('says which setting chooses among remotes of which none is "origin"', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'tokens-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd });
  for (const name of ['alpha', 'beta'])
    execFileSync('git', ['remote', 'add', name, `https://${name}.invalid/a.git`], { cwd });
  const answer = await tokenCheck({ cwd, env: NOBODY, settings: defaultConfig().publish });
  expect(answer).toMatchObject({ status: 'warn', detail: expect.stringContaining('(alpha, beta)') });
  expect(answer.fix).toContain('git config remote.pushDefault alpha');
});

it('names the channels that are configured and lack their secret, those of an override too', async () => {
  const config = defaultConfig();
  expect(await channelCheck(config, {})).toMatchObject({ status: 'ok', detail: expect.stringContaining('nobody') });
  const notify = {
    ...config.notify,
    webhook: 'https://hooks.example.com/x',
    slack: { channel: 'C0SHOP1', approvers: [] },
  };
  const email = { from: 'a@example.com', to: ['b@example.com'] };
  const overrides = [
    { match: { service: 'billing' }, set: { notify: { email } } },
  ] as unknown as typeof config.overrides;
  const answer = await channelCheck({ ...config, notify, overrides }, {});
  expect(answer).toMatchObject({ name: 'channels', status: 'warn', detail: expect.stringMatching(/: slack, email$/) });
  expect(answer.fix).toContain('SLACK_BOT_TOKEN, SMTP_URL');
  const env = { SLACK_BOT_TOKEN: 'xoxb-1', SMTP_URL: 'smtp://mail.example.com' };
  expect(await channelCheck({ ...config, notify, overrides }, env)).toMatchObject({
    status: 'ok',
    detail: expect.stringContaining('slack, webhook, email'),
  });
});
