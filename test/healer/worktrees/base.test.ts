import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { resolveBase } from '../../../healer/worktrees/base.ts';
import { addRemote, commit, freshFolder, openWithHome, run, sampleRepository } from '../sample-repository.ts';

const network = { timeoutMs: 20_000 };
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

test('takes the fetched tip of the remote default branch, never the branch that is checked out', async () => {
  const { repository, root, base } = await sampleRepository({ 'a.ts': '1' });
  const remote = addRemote(root);
  const other = freshFolder('other');
  run(other, 'clone', '--quiet', remote, '.');
  const tip = commit(other, { 'a.ts': '2' });
  run(other, 'push', '--quiet', 'origin', 'HEAD:main');
  run(root, 'switch', '--quiet', '-c', 'feature');
  const feature = commit(root, { 'b.ts': 'feature' });

  expect(await resolveBase(repository, { configured: '', network })).toEqual({
    commit: tip,
    branch: 'main',
    warnings: [],
  });
  expect(run(root, 'rev-parse', 'main')).toBe(base); // only the remote-tracking ref moved
  expect(await resolveBase(repository, { given: 'feature', configured: '', network })).toMatchObject({
    commit: feature,
  });
});

test('uses the local default branch without a remote, also from a detached HEAD or an unborn branch', async () => {
  const { repository, root, base } = await sampleRepository({ 'a.ts': '1' });
  run(root, 'switch', '--quiet', '-c', 'feature');
  commit(root, { 'b.ts': 'x' });
  run(root, 'switch', '--quiet', '--detach');
  commit(root, { 'c.ts': 'x' });
  expect(await resolveBase(repository, { configured: '', network })).toEqual({
    commit: base,
    branch: 'main',
    warnings: [],
  });
  run(root, 'switch', '--quiet', '--orphan', 'empty');
  expect((await resolveBase(repository, { configured: '', network })).commit).toBe(base);
});

test('a run of CI that failed names commit and branch, as long as the one is part of the other', async () => {
  const { repository, root } = await sampleRepository({ 'a.ts': '1' });
  addRemote(root);
  run(root, 'switch', '--quiet', '-c', 'feature');
  const failed = commit(root, { 'b.ts': 'red' });
  const later = commit(root, { 'c.ts': 'later' });
  run(root, 'push', '--quiet', 'origin', 'feature');
  run(root, 'switch', '--quiet', 'main');
  run(root, 'branch', '--quiet', '-D', 'feature');
  const of = (ranOn: { commit: string; branch: string }, configured = 'main') =>
    resolveBase(repository, { ranOn, configured, network });
  expect(await of({ commit: failed, branch: 'feature' })).toEqual({ commit: failed, branch: 'feature', warnings: [] });
  expect(await of({ commit: later, branch: 'feature' })).toMatchObject({ commit: later, branch: 'feature' });
  const usual = run(root, 'rev-parse', 'main');
  for (const [ranOn, why] of [
    [{ commit: 'f'.repeat(40), branch: 'feature' }, 'no longer part of the branch'],
    [{ commit: failed, branch: 'gone' }, 'no such branch any more'],
    [{ commit: failed, branch: '--upload-pack=x' }, 'no such name'],
    [{ commit: 'HEAD', branch: 'feature' }, 'no such name'],
  ] as const)
    expect(await of(ranOn)).toEqual({ commit: usual, branch: 'main', warnings: [expect.stringContaining(why)] });
});

test('publish.base wins, and is refused in words when it names nothing', async () => {
  const { repository, root, base } = await sampleRepository({ 'a.ts': '1' });
  run(root, 'branch', 'release');
  commit(root, { 'a.ts': '2' });
  expect(await resolveBase(repository, { configured: 'release', network })).toMatchObject({
    commit: base,
    branch: 'release',
  });
  await expect(resolveBase(repository, { configured: 'relaese', network })).rejects.toThrow(
    /publish\.base .* "relaese"/,
  );
});

test('says so and goes on with what is known when the remote is gone', async () => {
  const { repository, root, base } = await sampleRepository({ 'a.ts': '1' });
  addRemote(root);
  run(root, 'fetch', '--quiet', 'origin');
  commit(root, { 'a.ts': 'not pushed' });
  run(root, 'remote', 'set-url', 'origin', 'https://user:secret@127.0.0.1:1/x.git');
  const found = await resolveBase(repository, { configured: '', network });
  expect(found).toMatchObject({ commit: base, branch: 'main' });
  expect(found.warnings.join()).toContain('could not be reached');
  expect(found.warnings.join()).not.toContain('secret');
});

test('a remote that never answers costs the time limit and no more', async () => {
  const { repository, root, base } = await sampleRepository({ 'a.ts': '1' });
  server = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((done) => server?.once('listening', done));
  const { port } = server.address() as AddressInfo;
  run(root, 'remote', 'add', 'origin', `http://127.0.0.1:${port}/x.git`);
  const started = performance.now();
  const found = await resolveBase(repository, { configured: '', network: { timeoutMs: 700 } });
  expect(performance.now() - started).toBeLessThan(8000);
  expect(found).toMatchObject({ commit: base, warnings: [expect.stringContaining('no answer within')] });
});

test('a repository without a commit, and one without a default branch, are told what to do', async () => {
  const empty = freshFolder('empty');
  run(empty, 'init', '--quiet', '-b', 'main');
  await expect(resolveBase(await openWithHome(empty), { configured: '', network })).rejects.toThrow(/no commit yet/);

  const { repository, root } = await sampleRepository({ 'a.ts': '1' });
  run(root, 'branch', '-m', 'one');
  run(root, 'branch', 'two');
  await expect(resolveBase(repository, { configured: '', network })).rejects.toThrow(
    /default branch .* cannot be told/,
  );
});
