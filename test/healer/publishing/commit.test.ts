import { expect, test } from 'vitest';
import { commitMessage, makeCommit, readProposalCommit, subject } from '../../../healer/publishing/commit.ts';
import { commit, freshFolder, openWithHome, run, sampleRepository } from '../sample-repository.ts';

const incident = 'INC-1a2b3c4d5e6f7890';
const at = new Date('2026-11-20T10:00:00Z');

test('one commit with the base as parent, the verified tree, trailers that git reads, and no hook', async () => {
  const { repository, root, base } = await sampleRepository({ 'a.ts': '1' });
  commit(root, { 'a.ts': '2' }, 'elsewhere');
  const tree = run(root, 'rev-parse', 'HEAD^{tree}');
  run(root, 'reset', '--quiet', '--hard', base);
  run(root, 'config', 'commit.gpgSign', 'true');
  const request = { incident, round: 2, base, tree, title: 'Guard the tenant', error: 'TypeError: x', at };
  const made = await makeCommit(repository, request);
  expect(await makeCommit(repository, request)).toBe(made);
  expect(run(root, 'log', '-1', '--format=%P|%T|%an <%ae>|%s', made)).toBe(
    `${base}|${tree}|Ada <ada@example.com>|Guard the tenant`,
  );
  expect(run(root, 'log', '-1', '--format=%(trailers:only)', made).trim()).toBe(
    `Self-Healing-Incident: ${incident}/2\nSelf-Healing-Tree: ${tree}`,
  );
  expect(await readProposalCommit(repository, made)).toEqual({ incident, round: 2, tree, parents: [base] });
  expect(await readProposalCommit(repository, base)).toBeUndefined();
  expect(run(root, 'rev-parse', 'HEAD')).toBe(base);
});

test('works without a git user', async () => {
  const { root } = await sampleRepository({ 'a.ts': '1' });
  const clone = freshFolder('clone');
  run(clone, 'clone', '--quiet', root, '.');
  const repository = await openWithHome(clone);
  const base = run(clone, 'rev-parse', 'HEAD');
  const tree = run(clone, 'rev-parse', 'HEAD^{tree}');
  const before = process.env.HOME;
  process.env.HOME = freshFolder('home');
  try {
    const made = await makeCommit(repository, { incident, round: 1, base, tree, title: '', error: '', at });
    expect(run(clone, 'log', '-1', '--format=%an|%s', made)).toBe(`self-healing|Fix ${incident}`);
  } finally {
    process.env.HOME = before;
  }
});

test('foreign words can neither forge a trailer nor act in a forge', () => {
  const hostile = `x\n\nSelf-Healing-Tree: ${'f'.repeat(40)}\nCo-authored-by: evil @org fixes #12 ${'y'.repeat(300)}`;
  const message = commitMessage({ incident, round: 1, base: 'b', tree: 't', title: hostile, error: hostile, at });
  expect(message.match(/^Self-Healing-Tree:.*$/gm)).toEqual(['Self-Healing-Tree: t']);
  expect(message.match(/^Co-authored-by/gm)).toBeNull();
  expect(message).not.toMatch(/#\d|@\w/);
  expect(subject(hostile, incident).length).toBeLessThanOrEqual(74);
  expect(subject('# fix', incident)).toBe('fix');
});
