import { expect, test } from 'vitest';
import { defaultConfig } from '../../../context/schemas/config.ts';
import { type DestinationRequest, destinationOf } from '../../../healer/publishing/destination.ts';
import { addRemote, run, sampleBench } from '../sample-repository.ts';
import { ADDRESS, pointToGitHub } from './on-github.ts';

const incident = 'INC-1a2b3c4d5e6f7890';
const branch = 'hotfix/auto-1a2b3c4d5e6f7890';
const NOBODY = { PATH: '' };
const SOMEBODY = { PATH: '', GITHUB_TOKEN: 'a-token' };

async function sample() {
  const { bench, root } = await sampleBench({ 'a.txt': 'a' });
  const ask = (provider: 'auto' | 'github' | 'branch', changes: Partial<DestinationRequest> = {}) =>
    destinationOf(bench, {
      ...{ incident, branch, base: 'main', env: SOMEBODY, signal: undefined },
      settings: { ...defaultConfig().publish, provider },
      ...changes,
    });
  return { root, ask };
}

test('a pull request wherever one can be opened, else a branch; what was demanded and cannot be is an error of its own', async () => {
  const { root, ask } = await sample();
  expect(await ask('auto')).toEqual({ kind: 'local' });
  expect(await ask('github')).toMatchObject({ status: 'not_configured', why: expect.stringContaining('no remote') });
  const remote = addRemote(root);
  expect(await ask('auto')).toEqual({ kind: 'branch', remote: 'origin' });
  expect(await ask('github')).toMatchObject({ status: 'not_configured', why: expect.stringContaining('"origin"') });

  pointToGitHub(root, remote);
  const page = `https://github.com/acme/shop/compare/main...${branch}?expand=1`;
  expect(await ask('branch')).toEqual({ kind: 'branch', remote: 'origin', compareUrl: page });
  expect(await ask('auto')).toMatchObject({ kind: 'pull_request', base: 'main', github: { where: { owner: 'acme' } } });
  expect(await ask('auto', { env: NOBODY })).toEqual({
    ...{ kind: 'branch', remote: 'origin', compareUrl: page },
    hint: `For a pull request: Set GITHUB_TOKEN, or run \`gh auth login\`, then \`self-healing approve ${incident}\`.`,
  });
  expect(await ask('github', { env: NOBODY })).toMatchObject({
    status: 'not_configured',
    why: 'publish.provider is "github", but there is no token for github.com',
    next: expect.stringContaining('gh auth login'),
  });
  expect(await ask('auto', { base: null })).toEqual({ kind: 'branch', remote: 'origin' });
  expect(await ask('github', { base: null })).toMatchObject({ status: 'not_configured' });
});

test('the address of another server counts once its name is given, and no credentials of an address are shown', async () => {
  const { root, ask } = await sample();
  run(root, 'remote', 'add', 'origin', 'https://ada:secret@git.acme.test/acme/shop.git');
  expect(await ask('auto', { env: NOBODY })).toEqual({ kind: 'branch', remote: 'origin' });
  const env = { ...NOBODY, GITHUB_SERVER_URL: 'https://git.acme.test' };
  const found = await ask('auto', { env });
  expect(found).toMatchObject({ hint: expect.stringContaining('gh auth login --hostname git.acme.test') });
  expect(JSON.stringify(found)).not.toContain('secret');
  run(root, 'config', 'remote.origin.url', ADDRESS);
  expect(await ask('auto', { env })).toMatchObject({ compareUrl: expect.stringContaining('https://github.com/') });
});
