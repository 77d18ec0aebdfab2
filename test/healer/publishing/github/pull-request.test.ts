import { describe, expect, test } from 'vitest';
import { ensurePullRequest, type PullRequestRequest } from '../../../../healer/publishing/github/pull-request.ts';
import { acmeShop, BRANCH, INCIDENT, TRAILER } from './acme-shop.ts';
import { token } from './loopback-access.ts';
import { type Fault, meeting } from './loopback-faults.ts';

const BODY = `## Plan\n\nProven.\n\n${TRAILER}\n`;

function proposal(changes: Partial<PullRequestRequest> = {}): PullRequestRequest {
  const words = { title: 'Check the tenant first', body: BODY };
  return { incident: INCIDENT, round: 1, branch: BRANCH, base: 'main', ...words, draft: false, label: '', ...changes };
}

test('is opened once with its label, found again the next time, and its text is brought up to date', async () => {
  const { server, open } = await acmeShop();
  const wanted = proposal({ label: 'auto-heal', draft: true });
  const first = await ensurePullRequest(open(), wanted);
  expect(first).toEqual({
    status: 'open',
    url: 'https://github.com/acme/shop/pull/1',
    number: 1,
    created: true,
    draft: true,
    warnings: [],
  });
  expect(server.pulls).toMatchObject([{ title: wanted.title, body: BODY, draft: true, labels: ['auto-heal'] }]);
  expect(server.state.labels).toContain('auto-heal');
  const looked = server.requests.find(({ route }) => route === 'GET /pulls');
  expect(new URL(looked?.url ?? '').searchParams.get('head')).toBe(`acme:${BRANCH}`);

  expect(await ensurePullRequest(open(), wanted)).toEqual({ ...first, created: false });
  expect(server.count('PATCH /pulls/{number}')).toBe(0);
  expect(server.count('POST /issues/{number}/labels')).toBe(1);

  const again = await ensurePullRequest(open(), { ...wanted, body: `Verified again.\n\n${TRAILER}` });
  expect(again).toEqual({ ...first, created: false });
  expect(server.pulls).toMatchObject([{ body: `Verified again.\n\n${TRAILER}` }]);
  expect(server.count('POST /pulls')).toBe(1);
});

describe('what became of a creation is found out before it is tried again', () => {
  const cases: [name: string, fault: Fault, creations: number][] = [
    ['502 after the work', { status: 502, after: 'commit' }, 1],
    ['502 before the work', { status: 502 }, 2],
    ['connection cut after the work', { cut: 'whole', after: 'commit' }, 1],
    ['connection cut before the work', { cut: 'whole' }, 2],
    ['connection cut within the answer', { cut: 'within' }, 1],
  ];
  test.each(cases)('%s', async (_name, fault, creations) => {
    const { server, open } = await acmeShop();
    server.fail('POST /pulls', fault);
    expect(await ensurePullRequest(open(), proposal())).toMatchObject({ status: 'open', number: 1, created: true });
    expect(server.pulls).toHaveLength(1);
    expect(server.count('POST /pulls')).toBe(creations);
  });

  test('and when the looking fails too, it is left for later, where it is found', async () => {
    const { server, open } = await acmeShop();
    server.fail('POST /pulls', { status: 502, after: 'commit' });
    server.fail('GET /pulls', {}); // the look before
    server.fail('GET /pulls', { status: 503, times: 3 });
    expect(await ensurePullRequest(open(), proposal())).toMatchObject({ status: 'unreachable' });
    expect(await ensurePullRequest(open(), proposal())).toMatchObject({ status: 'open', created: false });
    expect(server.pulls).toHaveLength(1);
    expect(server.count('POST /pulls')).toBe(1);
  });

  test('and never more than twice', async () => {
    const { server, open } = await acmeShop();
    server.fail('POST /pulls', { status: 504, times: 5 });
    expect(await ensurePullRequest(open(), proposal())).toMatchObject({
      status: 'unreachable',
      why: expect.stringContaining('open the pull request'),
    });
    expect(server.count('POST /pulls')).toBe(2);
  });
});

test('two creators at the same moment have one pull request', async () => {
  const { server, open } = await acmeShop();
  server.fail('POST /pulls', { hold: meeting(2), times: 2 });
  const both = await Promise.all([ensurePullRequest(open(), proposal()), ensurePullRequest(open(), proposal())]);
  expect(server.count('POST /pulls')).toBe(2);
  expect(server.pulls).toHaveLength(1);
  expect(both.map((one) => one.status === 'open' && one.created).sort()).toEqual([false, true]);
  expect(new Set(both.map((one) => one.status === 'open' && one.number))).toEqual(new Set([1]));
});

test('one that GitHub names but does not list yet is waited for, and is never doubled', async () => {
  const { server, open, waits } = await acmeShop();
  const exists = {
    resource: 'PullRequest',
    code: 'custom',
    message: `A pull request already exists for acme:${BRANCH}.`,
  };
  server.fail('POST /pulls', {
    reply: { status: 422, body: { message: 'Validation Failed', errors: [exists] } },
    times: 5,
  });
  expect(await ensurePullRequest(open(), proposal())).toEqual({
    status: 'unreachable',
    why: `GitHub says there is a pull request of ${BRANCH} already, but lists none yet`,
  });
  expect(waits.length).toBeGreaterThan(2);
});

describe('what stands there already', () => {
  test('ours, still a draft from an earlier time: stays one, and it is said', async () => {
    const { server, open } = await acmeShop();
    server.addPull({ branch: BRANCH, body: BODY, draft: true });
    expect(await ensurePullRequest(open(), proposal())).toMatchObject({
      status: 'open',
      draft: true,
      warnings: [expect.stringContaining('still a draft')],
    });
  });

  test('a person opened one from our branch: it is used, its text is theirs', async () => {
    const { server, open } = await acmeShop();
    server.addPull({ branch: BRANCH, body: 'By hand.', base: 'release' });
    const found = await ensurePullRequest(open(), proposal({ draft: true }));
    expect(found).toMatchObject({ status: 'open', number: 1, created: false, draft: false });
    expect(found.status === 'open' && found.warnings.join('\n')).toMatch(
      /into release, not into main[\s\S]*not a draft[\s\S]*without our report/,
    );
    expect(server.pulls).toMatchObject([{ body: 'By hand.' }]);
    expect(server.count('POST /pulls')).toBe(0);
  });

  test('a branch of the same name in a fork, or another of ours with the same commit, is not it', async () => {
    const { server, open } = await acmeShop();
    server.addPull({ branch: BRANCH, from: 'mallory/shop', body: BODY });
    server.addPull({ branch: BRANCH, from: 'acme/other-fork', body: BODY });
    server.addPull({ branch: BRANCH, from: null, body: BODY });
    expect(await ensurePullRequest(open(), proposal())).toMatchObject({ status: 'open', number: 4, created: true });
  });

  test.each(['closed', 'merged'])('of this round and %s: a person has decided', async (state) => {
    const { server, open } = await acmeShop();
    const merged_at = state === 'merged' ? '2026-01-01T00:00:00Z' : null;
    server.addPull({ branch: BRANCH, body: BODY, state: 'closed', merged_at });
    expect(await ensurePullRequest(open(), proposal())).toMatchObject({
      status: 'refused',
      why: expect.stringContaining(`Pull request 1 of this round was ${state} already`),
    });
    expect(server.count('POST /pulls')).toBe(0);
  });

  test('an old text that may not be changed is a warning; one that cannot be changed now is tried again later', async () => {
    const { server, open } = await acmeShop();
    server.addPull({ branch: BRANCH, body: `Old.\n${TRAILER}` });
    server.fail('PATCH /pulls/{number}', { status: 503, times: 3 });
    expect(await ensurePullRequest(open(), proposal())).toMatchObject({ status: 'unreachable' });
    server.fail('PATCH /pulls/{number}', { status: 403, body: { message: 'Resource not accessible by integration' } });
    expect(await ensurePullRequest(open(), proposal())).toMatchObject({
      status: 'open',
      warnings: [expect.stringContaining('is an older one')],
    });
  });

  test('line ends as GitHub keeps them are no change', async () => {
    const { server, open } = await acmeShop();
    server.addPull({ branch: BRANCH, body: BODY.replaceAll('\n', '\r\n') });
    expect(await ensurePullRequest(open(), proposal())).toMatchObject({ status: 'open', warnings: [] });
    expect(server.count('PATCH /pulls/{number}')).toBe(0);
  });
});

describe('what GitHub refuses', () => {
  test('a branch that was not pushed, a base that is not there, a change that the base has', async () => {
    const { open } = await acmeShop();
    expect(await ensurePullRequest(open(), proposal({ branch: 'nowhere' }))).toMatchObject({
      status: 'refused',
      why: expect.stringContaining('PullRequest head invalid'),
      next: expect.stringContaining('Push the branch'),
    });
    expect(await ensurePullRequest(open(), proposal({ base: 'nowhere' }))).toMatchObject({
      status: 'refused',
      next: expect.stringContaining('publish.base'),
    });
    expect(await ensurePullRequest(open(), proposal({ branch: 'main' }))).toMatchObject({
      status: 'refused',
      why: expect.stringContaining('No commits between main and main'),
      next: expect.stringContaining('verify the fix on the new base'),
    });
  });

  test('a branch that becomes known a moment after it was pushed', async () => {
    const { server, open, waits } = await acmeShop();
    const errors = [{ resource: 'PullRequest', field: 'head', code: 'invalid' }];
    server.fail('POST /pulls', { status: 422, body: { message: 'Validation Failed', errors } });
    expect(await ensurePullRequest(open(), proposal())).toMatchObject({ status: 'open', created: true });
    expect(waits).toEqual([2000]);
  });

  test('texts that are too long never reach it; a body without its trailer is our mistake', async () => {
    const { server, open } = await acmeShop();
    const long = `${'x'.repeat(65_536)}\n${TRAILER}`;
    expect(await ensurePullRequest(open(), proposal({ body: long }))).toMatchObject({
      status: 'refused',
      why: expect.stringContaining(`has ${long.length} characters and GitHub takes 65536`),
    });
    expect(await ensurePullRequest(open(), proposal({ title: 'x'.repeat(257) }))).toMatchObject({ status: 'refused' });
    expect(await ensurePullRequest(open(), proposal({ title: 'x'.repeat(256) }))).toMatchObject({ status: 'open' });
    await expect(ensurePullRequest(open(), proposal({ body: 'no trailer' }))).rejects.toThrow(/lacks the trailer/);
    expect(server.pulls).toHaveLength(1);
  });

  test('drafts, where the plan has none: opened all the same, marked and said', async () => {
    const { server, open } = await acmeShop();
    server.state.draftsSupported = false;
    expect(await ensurePullRequest(open(), proposal({ draft: true }))).toMatchObject({
      status: 'open',
      draft: false,
      created: true,
      warnings: [expect.stringContaining('no draft pull requests')],
    });
    expect(server.pulls).toMatchObject([{ title: '[draft] Check the tenant first', draft: false }]);

    server.pulls.splice(0);
    server.fail('POST /pulls', {}); // refused as a draft
    server.fail('POST /pulls', { status: 502 });
    expect(await ensurePullRequest(open(), proposal({ draft: true }))).toMatchObject({ status: 'open', draft: false });
  });

  test('an archived repository', async () => {
    const { server, open } = await acmeShop();
    server.state.archived = true;
    expect(await ensurePullRequest(open(), proposal())).toMatchObject({
      status: 'refused',
      why: expect.stringContaining('archived'),
    });
    expect(server.count('POST /pulls')).toBe(0);
  });
});

describe('labels', () => {
  test('two make the same label at the same moment', async () => {
    const { server, open, push } = await acmeShop();
    push('hotfix/auto-other', { 'src/cart.js': 'two\n' });
    server.fail('POST /labels', { hold: meeting(2), times: 2 });
    const both = await Promise.all([
      ensurePullRequest(open(), proposal({ label: 'auto-heal' })),
      ensurePullRequest(open(), proposal({ label: 'auto-heal', branch: 'hotfix/auto-other' })),
    ]);
    expect(both).toMatchObject([{ warnings: [] }, { warnings: [] }]);
    expect(server.state.labels.filter((label) => label === 'auto-heal')).toHaveLength(1);
    expect(server.pulls.map(({ labels }) => labels)).toEqual([['auto-heal'], ['auto-heal']]);
  });

  test('one that is there in another spelling is used', async () => {
    const { server, open } = await acmeShop();
    await ensurePullRequest(open(), proposal({ label: 'Good First Issue' }));
    expect(server.pulls).toMatchObject([{ labels: ['good first issue'] }]);
    expect(server.count('POST /labels')).toBe(0);
  });

  test('a token that may not label: the pull request stays, with a warning that names the permission', async () => {
    const permissions = { contents: 'write', pull_requests: 'write', issues: 'none' } as const;
    const { server, open } = await acmeShop({ tokens: { 'token-without-issues': token({ permissions }) } });
    const body = { message: 'Resource not accessible by personal access token' };
    const headers = { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' };
    server.fail('POST /labels', { status: 403, body, headers });
    const opened = await ensurePullRequest(open(), proposal({ label: 'auto-heal' }));
    expect(opened).toMatchObject({ status: 'open', created: true });
    expect(opened.status === 'open' && opened.warnings).toEqual([
      expect.stringMatching(/"auto-heal" could not be set.*not accessible.*issues: write, or pull requests: write/),
    ]);
    expect(server.pulls).toMatchObject([{ labels: [] }]);
  });

  test('a lost answer is asked again; a limit reached is a warning', async () => {
    const { server, open } = await acmeShop();
    server.fail('POST /labels', { status: 502, after: 'commit' });
    server.fail('POST /issues/{number}/labels', { status: 502, after: 'commit' });
    expect(await ensurePullRequest(open(), proposal({ label: 'auto-heal' }))).toMatchObject({ warnings: [] });
    expect(server.pulls).toMatchObject([{ labels: ['auto-heal'] }]);
  });
});

test('a renamed repository is followed; renamed at the wrong moment, it is read again the next time', async () => {
  const { server, open } = await acmeShop();
  server.rename('acme', 'store');
  server.fail('POST /pulls', {
    hold: async () => {
      server.rename('umbrella', 'store');
    },
  });
  expect(await ensurePullRequest(open(), proposal())).toMatchObject({
    status: 'unreachable',
    why: expect.stringContaining('renamed or moved'),
  });
  expect(server.pulls).toHaveLength(0);
  expect(await ensurePullRequest(open(), proposal())).toMatchObject({
    status: 'open',
    url: 'https://github.com/umbrella/store/pull/1',
  });
  expect(await ensurePullRequest(open(), proposal())).toMatchObject({ status: 'open', created: false });
});
