import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { approvePublish } from '../../../healer/publishing/approve-publish.ts';
import { publish } from '../../../healer/publishing/publish.ts';
import { proposalOf } from '../../../store/proposals.ts';
import { lastPublishAttempt } from '../../../store/publish-attempts.ts';
import { verificationsOf } from '../../../store/verifications.ts';
import { write } from '../../write.ts';
import { WORDS } from '../sample-fix.ts';
import { benchOn, run } from '../sample-repository.ts';
import { secondaryLimit } from './github/loopback-faults.ts';
import { onGitHub, proven, serveGitHub, shop } from './on-github.ts';

const who = 'person:ada';

test('opens the pull request with label, trailer and report; never twice, and known wherever it is asked for', async () => {
  const { bench, incident, fix, root, github, env, remote } = await onGitHub();
  const approve = { who, verifyAgain: false, env };
  const result = await approvePublish(bench, incident, approve);
  expect(result).toMatchObject({ status: 'proposed', url: 'https://github.com/acme/shop/pull/1', pushed: true });
  if (result.status !== 'proposed') return;
  expect(result).not.toHaveProperty('draft');
  const [pull] = github.pulls;
  expect(pull).toMatchObject({
    title: WORDS.title,
    branch: fix.branch,
    base: 'main',
    draft: false,
    labels: ['auto-heal'],
  });
  expect(pull?.body).toContain('## Check');
  expect(pull?.body?.trimEnd().endsWith(`Self-Healing-Incident: ${incident}/1`)).toBe(true);
  expect(readFileSync(join(root, result.report), 'utf8')).toContain(`git revert ${result.commit.slice(0, 12)}`);
  expect(run(remote, 'rev-parse', fix.branch)).toBe(result.commit);
  expect(proposalOf(bench.db, incident, 1)).toMatchObject({
    status: 'pull_request',
    url: result.url,
    base_branch: 'main',
  });
  expect(await bench.incidents.get(incident)).toMatchObject({ status: 'proposed' });
  expect((await bench.incidents.transitions(incident)).at(-1)?.why).toContain(result.url);
  expect(await publish(bench, incident, { who, env })).toEqual(result);
  await expect(approvePublish(bench, incident, approve)).rejects.toMatchObject({ code: 'not_allowed' });
  expect(github.pulls).toHaveLength(1);
}, 120_000);

test('whatever stands in the way is a state of its own, loses nothing, and is tried again', async () => {
  const { bench, incident, fix, github, env, remote } = await onGitHub();
  const branches = () => run(remote, 'for-each-ref', '--format=%(refname:short)', 'refs/heads');
  const approve = () => approvePublish(bench, incident, { who, verifyAgain: false, env });
  const told = async (status: string, words: string | RegExp) => {
    const result = await approve();
    expect(result).toMatchObject({ status, why: expect.stringMatching(words) });
    expect('next' in result && result.next).toContain(incident);
    expect(await bench.incidents.get(incident)).toMatchObject({ status: 'awaiting_publish', round: 1 });
    expect(lastPublishAttempt(bench.db, incident, 1)).toMatchObject({ state: status });
    return result;
  };

  const secret = 'b7f29c03d48e15a6f0c9d2e8b1a473650e9f8d7c6b5a41322f1e0d9c8b7a6f5e';
  fix.warnings.push(`The remote said dop_v1_${secret}.`);
  const leak = await told('leak', 'the text of the pull request holds a');
  expect(JSON.stringify([leak, await bench.incidents.transitions(incident)])).not.toContain(secret);
  fix.warnings.pop();

  // Somebody else's pull request for the same incident: nothing is pushed, and nothing opened.
  const theirs = github.addPull({ branch: 'fix-tenants', body: `By hand.\n\nSelf-Healing-Incident: ${incident}/1\n` });
  expect(await told('already_proposed', 'pull request 1')).toMatchObject({ url: expect.stringMatching(/pull\/1$/) });
  theirs.state = 'closed';
  github.fail('*', { status: 502, times: 3 });
  await told('unreachable', '502');
  github.fail('GET /pulls', secondaryLimit(3600));
  await told('rate_limited', 'limit');
  expect(branches()).toBe('main');

  write(remote, {
    'hooks/pre-receive': '#!/bin/sh\necho "error: GH006: Protected branch update failed" >&2\nexit 1\n',
  });
  chmodSync(`${remote}/hooks/pre-receive`, 0o755);
  await told('protected', 'GH006');
  rmSync(`${remote}/hooks/pre-receive`);
  const holder = github.tokens[github.token];
  if (!holder) throw new Error('The loopback has no token');
  holder.permissions.pull_requests = 'read';
  expect(await told('not_permitted', 'not')).toMatchObject({ branch: fix.branch });
  expect(branches()).toContain(fix.branch);
  holder.permissions.pull_requests = 'write';
  github.fail('POST /pulls', { status: 502, after: 'commit' });
  github.fail('GET /labels/{name}', { status: 403 });

  const done = await approve();
  expect(done).toMatchObject({ status: 'proposed', url: expect.stringMatching(/pull\/2$/) });
  expect(github.pulls.filter(({ state }) => state === 'open')).toHaveLength(1);
  expect(verificationsOf(bench.db, incident)).toHaveLength(1);
}, 180_000);

test('without a token the branch is pushed; with one the missing pull request is opened, and nothing verified again', async () => {
  const { bench, incident, fix, root, repository, github, env, nobody, remote } = await onGitHub();
  const first = await approvePublish(bench, incident, { who, verifyAgain: false, env: nobody });
  expect(first).toMatchObject({
    status: 'proposed',
    pushed: true,
    compare_url: `https://github.com/acme/shop/compare/main...${fix.branch}?expand=1`,
    hint: expect.stringMatching(/GITHUB_TOKEN.*gh auth login.*self-healing approve INC-/),
  });
  expect(first).not.toHaveProperty('url');
  await bench.close();

  const terminal = await benchOn(repository);
  const again = { who, verifyAgain: true };
  const commit = run(remote, 'rev-parse', fix.branch);
  run(remote, 'update-ref', `refs/heads/${fix.branch}`, 'refs/heads/main');
  expect(await approvePublish(terminal, incident, { ...again, env })).toMatchObject({ status: 'taken' });
  run(remote, 'update-ref', `refs/heads/${fix.branch}`, commit);
  github.addPull({ title: 'Sessions, anew', files: [{ filename: 'src/tenant.js', status: 'modified' }] });
  const second = await approvePublish(terminal, incident, { ...again, env });
  expect(second).toMatchObject({
    status: 'proposed',
    url: expect.stringMatching(/pull\/2$/),
    draft: [expect.stringContaining('same files')],
  });
  expect(github.pulls.at(-1)).toMatchObject({ draft: true, body: expect.stringContaining('Sessions, anew') });
  expect(readFileSync(join(root, `.self-healing/reports/${incident}.md`), 'utf8')).toContain('/pull/1');
  expect(verificationsOf(terminal.db, incident)).toHaveLength(1);
  expect(await terminal.incidents.get(incident)).toMatchObject({ status: 'proposed' });
}, 120_000);

test('of two clones at the same moment one proposes, and the other finds its pull request', async () => {
  const first = await shop();
  const second = await shop({ of: first });
  run(second.root, 'config', 'user.name', 'Grace'); // the same commit by the same person would be one
  const { github, env } = await serveGitHub(first.remote);
  await Promise.all([proven(first), proven(second)]);
  const results = await Promise.all(
    [first, second].map(({ bench, incident }) => approvePublish(bench, incident, { who, verifyAgain: false, env })),
  );
  expect(results.map(({ status }) => status).sort()).toEqual(['already_proposed', 'proposed']);
  const [won] = results.filter((result) => result.status === 'proposed');
  const [lost] = results.filter((result) => result.status !== 'proposed');
  expect(github.pulls).toHaveLength(1);
  expect(lost).toMatchObject({ url: won?.url });
  expect(run(first.remote, 'rev-parse', `hotfix/auto-${first.incident.slice(4)}`)).toBe(won?.commit);
}, 120_000);
