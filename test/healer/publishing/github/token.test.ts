import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { githubToken } from '../../../../healer/publishing/github/token.ts';
import { freshFolder } from '../../sample-repository.ts';

/** A `gh` that runs this script; its folder is all there is on PATH besides the system's. */
function fakeCli(script: string): { env: NodeJS.ProcessEnv; folder: string } {
  const folder = freshFolder('bin');
  writeFileSync(join(folder, 'gh'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'gh'), 0o755);
  return { env: { PATH: `${folder}:/usr/bin:/bin` }, folder };
}

test('the environment first, trimmed, and nothing that cannot be a token', async () => {
  const { env, folder } = fakeCli('touch "$(dirname "$0")/called"; echo from-the-cli');
  expect(await githubToken({ ...env, GITHUB_TOKEN: ' one\n', GH_TOKEN: 'two' }, 'github.com')).toBe('one');
  expect(await githubToken({ ...env, GITHUB_TOKEN: '', GH_TOKEN: 'two' }, 'github.com')).toBe('two');
  expect(existsSync(join(folder, 'called'))).toBe(false);
  expect(await githubToken({ ...env, GITHUB_TOKEN: 'two words' }, 'github.com')).toBe('from-the-cli');
});

test('a token goes to no server but its own', async () => {
  const env = { PATH: '/nonexistent', GITHUB_TOKEN: 'one', GH_TOKEN: 'two', GH_ENTERPRISE_TOKEN: 'three' };
  expect(await githubToken(env, 'git.corp.example')).toBe('three');
  expect(await githubToken({ ...env, GH_ENTERPRISE_TOKEN: '' }, 'git.corp.example')).toBe('one');
  const workflow = { ...env, GITHUB_SERVER_URL: 'https://git.corp.example' };
  expect(await githubToken(workflow, 'github.com')).toBe('two');
  expect(await githubToken({ ...workflow, GH_ENTERPRISE_TOKEN: undefined }, 'git.corp.example')).toBe('one');
});

test('the GitHub CLI, asked for that host and never asking back', async () => {
  const { env, folder } = fakeCli(
    'printf "%s " "$@" "$GH_PROMPT_DISABLED" "$PWD" > "$(dirname "$0")/seen"; read -r line && exit 3; echo gho_fromcli',
  );
  expect(await githubToken({ ...env, HOME: '/home/ada' }, 'octocorp.ghe.com')).toBe('gho_fromcli');
  const seen = readFileSync(join(folder, 'seen'), 'utf8');
  expect(seen).toContain('auth token --hostname octocorp.ghe.com 1 ');
  expect(seen).not.toContain(process.cwd());
});

test('without a login, without the CLI, or when it hangs, there is no token', async () => {
  const loggedOut = fakeCli('echo "no oauth token found for github.com" >&2; echo half; exit 1');
  expect(await githubToken(loggedOut.env, 'github.com')).toBeUndefined();
  expect(await githubToken({ PATH: freshFolder('empty') }, 'github.com')).toBeUndefined();
  const hangs = fakeCli('echo gho_half; exec sleep 60');
  expect(await githubToken(hangs.env, 'github.com', { timeoutMs: 300 })).toBeUndefined();
  const stop = AbortSignal.abort();
  expect(await githubToken(hangs.env, 'github.com', { signal: stop })).toBeUndefined();
});
