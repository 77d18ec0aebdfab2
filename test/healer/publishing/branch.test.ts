import { chmodSync, renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pushBranch, writeBranch } from '../../../healer/publishing/branch.ts';
import { makeCommit } from '../../../healer/publishing/commit.ts';
import { write } from '../../write.ts';
import { addRemote, commit, freshFolder, run, sampleRepository } from '../sample-repository.ts';

const incident = 'INC-1a2b3c4d5e6f7890';
const branch = 'hotfix/auto-1a2b3c4d5e6f7890';
const network = { timeoutMs: 20_000 };

async function sample() {
  const { repository, root, base } = await sampleRepository({ 'a.ts': '1' });
  const tree = run(root, 'rev-parse', `${base}^{tree}`);
  const made = new Set<string>();
  const propose = async (title: string, { round = 1, elsewhere = false } = {}) => {
    const commit = await makeCommit(repository, { incident, round, base, tree, title, error: 'e', at: new Date(0) });
    if (!elsewhere) made.add(`${round} ${commit}`);
    return { incident, round, branch, commit, madeHere: (id: string) => made.has(`${round} ${id}`) };
  };
  return { repository, root, propose };
}

test('writes the branch once, moves its own earlier commit, leaves anything else alone', async () => {
  const { repository, root, propose } = await sample();
  const first = await propose('one');
  expect(await writeBranch(repository, first)).toEqual({ status: 'written' });
  expect(await writeBranch(repository, first)).toEqual({ status: 'written' });
  const second = await propose('two');
  expect(await writeBranch(repository, second)).toEqual({ status: 'written' });
  expect(run(root, 'rev-parse', branch)).toBe(second.commit);

  run(root, 'switch', '--quiet', branch);
  const person = commit(root, { 'a.ts': 'a person went on' });
  run(root, 'switch', '--quiet', 'main');
  expect(await writeBranch(repository, second)).toMatchObject({
    status: 'taken',
    why: expect.stringContaining('not made here'),
  });
  expect(run(root, 'rev-parse', branch)).toBe(person);
  expect(await writeBranch(repository, await propose('three', { round: 2 }))).toMatchObject({ status: 'taken' });
});

test('does not move a branch under whoever has it checked out', async () => {
  const { repository, root, propose } = await sample();
  const first = await propose('one');
  await writeBranch(repository, first);
  run(root, 'switch', '--quiet', branch);
  expect(await writeBranch(repository, first)).toEqual({ status: 'written' });
  const moved = await writeBranch(repository, await propose('two'));
  expect(moved).toMatchObject({ status: 'taken', why: expect.stringContaining(`is checked out in ${root}`) });
  expect(run(root, 'rev-parse', 'HEAD')).toBe(first.commit);
});

test('pushes without hooks and is idempotent; a foreign branch of that name is not overwritten', async () => {
  const { repository, root, propose } = await sample();
  const remote = addRemote(root);
  write(root, { '.git/hooks/pre-push': '#!/bin/sh\nexit 1\n' });
  run(root, 'config', 'push.followTags', 'true');
  const first = await propose('one');
  expect(await pushBranch(repository, 'origin', first, network)).toEqual({ status: 'pushed' });
  expect(await pushBranch(repository, 'origin', first, network)).toEqual({ status: 'pushed' });
  expect(run(remote, 'rev-parse', branch)).toBe(first.commit);
  const second = await propose('two');
  expect(await pushBranch(repository, 'origin', second, network)).toEqual({ status: 'pushed' });

  const other = freshFolder('other');
  run(other, 'clone', '--quiet', '--branch', branch, remote, '.');
  const person = commit(other, { 'b.ts': 'theirs' });
  run(other, 'push', '--quiet', 'origin', branch);
  expect(await pushBranch(repository, 'origin', first, network)).toMatchObject({
    status: 'taken',
    sameIncident: false,
  });
  expect(run(remote, 'rev-parse', branch)).toBe(person);
});

test('tells a refused push and a remote that is gone from success', async () => {
  const { repository, root, propose } = await sample();
  const remote = addRemote(root);
  write(remote, { 'hooks/pre-receive': '#!/bin/sh\necho "protected branch" >&2\nexit 1\n' });
  chmodSync(`${remote}/hooks/pre-receive`, 0o755);
  const proposal = await propose('one');
  expect(await pushBranch(repository, 'origin', proposal, network)).toMatchObject({
    status: 'protected',
    why: expect.stringContaining('refused: remote: protected branch'),
  });
  renameSync(remote, `${remote}.gone`);
  expect(await pushBranch(repository, 'origin', proposal, network)).toMatchObject({ status: 'unreachable' });
});

test('the commit of another clone that proposes the same incident is never replaced, however the race goes', async () => {
  const { repository, root, propose } = await sample();
  const remote = addRemote(root);
  const theirs = await propose('theirs', { elsewhere: true });
  run(root, 'push', '--quiet', 'origin', `${theirs.commit}:refs/heads/${branch}`);
  const ours = await propose('ours');
  const lost = { status: 'taken', sameIncident: true, commit: theirs.commit };
  expect(await pushBranch(repository, 'origin', ours, network)).toMatchObject(lost);

  // They come between our look at the remote and our push.
  run(remote, 'update-ref', '-d', `refs/heads/${branch}`);
  write(remote, {
    'hooks/pre-receive': `#!/bin/sh\nunset GIT_QUARANTINE_PATH\ngit update-ref refs/heads/${branch} ${theirs.commit}\n`,
  });
  chmodSync(`${remote}/hooks/pre-receive`, 0o755);
  expect(await pushBranch(repository, 'origin', ours, network)).toMatchObject(lost);
  expect(run(remote, 'rev-parse', branch)).toBe(theirs.commit);
});
