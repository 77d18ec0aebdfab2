import { expect, test } from 'vitest';
import { githubRepository } from '../../../../healer/publishing/github/repository.ts';
import { run, sampleRepository } from '../../sample-repository.ts';

const shop = { owner: 'acme', name: 'shop' };
const PUBLIC = { ...shop, apiUrl: 'https://api.github.com', webUrl: 'https://github.com' };

test('reads the remote as it is configured: the address pushed to, whatever it is rewritten to', async () => {
  const { repository, root } = await sampleRepository({ 'a.txt': '' });
  expect(await githubRepository(repository, 'origin', {})).toBeUndefined();
  run(root, 'remote', 'add', 'origin', 'https://github.com/acme/shop.git');
  expect(await githubRepository(repository, 'origin', {})).toEqual(PUBLIC);
  run(root, 'config', 'url./srv/mirror/.insteadOf', 'https://github.com/');
  expect(await githubRepository(repository, 'origin', {})).toEqual(PUBLIC);
  run(root, 'remote', 'set-url', '--push', 'origin', 'git@github.com:ada/shop.git');
  expect(await githubRepository(repository, 'origin', {})).toEqual({ ...PUBLIC, owner: 'ada' });

  run(root, 'remote', 'add', 'short', 'gh:acme/shop');
  expect(await githubRepository(repository, 'short', {})).toBeUndefined();
  run(root, 'config', 'url.git@github.com:.insteadOf', 'gh:');
  expect(await githubRepository(repository, 'short', {})).toEqual(PUBLIC);
  run(root, 'remote', 'add', 'elsewhere', 'https://gitlab.com/acme/shop.git');
  expect(await githubRepository(repository, 'elsewhere', {})).toBeUndefined();
});

test('finds the API that belongs to the host', async () => {
  const { repository, root } = await sampleRepository({ 'a.txt': '' });
  run(root, 'remote', 'add', 'public', 'git@github.com:acme/shop.git');
  run(root, 'remote', 'add', 'company', 'git@git.corp.example:acme/shop.git');
  run(root, 'remote', 'add', 'resident', 'https://octocorp.ghe.com/acme/shop');
  const find = (remote: string, env: NodeJS.ProcessEnv) => githubRepository(repository, remote, env);

  const company = { ...shop, apiUrl: 'https://git.corp.example/api/v3', webUrl: 'https://git.corp.example' };
  expect(await find('company', {})).toBeUndefined();
  expect(await find('company', { GITHUB_SERVER_URL: 'https://git.corp.example' })).toEqual(company);
  expect(await find('company', { GITHUB_API_URL: 'https://git.corp.example/api/v3/' })).toEqual(company);
  const workflow = { GITHUB_SERVER_URL: 'https://git.corp.example', GITHUB_API_URL: 'https://git.corp.example/api/v3' };
  expect(await find('company', workflow)).toEqual(company);
  expect(await find('public', workflow)).toEqual(PUBLIC);
  expect(await find('company', { GITHUB_SERVER_URL: 'no address' })).toBeUndefined();

  const resident = { ...shop, apiUrl: 'https://api.octocorp.ghe.com', webUrl: 'https://octocorp.ghe.com' };
  expect(await find('resident', {})).toEqual(resident);
  expect(await find('resident', { GITHUB_API_URL: 'https://api.octocorp.ghe.com' })).toEqual(resident);

  const standIn = { ...PUBLIC, apiUrl: 'http://127.0.0.1:8080' };
  expect(await find('public', { GITHUB_API_URL: 'http://127.0.0.1:8080/' })).toEqual(standIn);
  const both = { GITHUB_API_URL: 'http://u:p@127.0.0.1:8080/?x=1', GITHUB_SERVER_URL: 'https://github.com' };
  expect(await find('public', both)).toEqual(standIn);
  expect(await find('public', { GITHUB_API_URL: 'file:///etc' })).toEqual(PUBLIC);
});
