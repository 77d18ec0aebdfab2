import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { GitHubOptions } from '../../../../healer/publishing/github/client.ts';
import { ensurePullRequest } from '../../../../healer/publishing/github/pull-request.ts';
import { findRelated } from '../../../../healer/publishing/github/related.ts';
import { type AcmeShop, acmeShop, BRANCH, FINGERPRINT, INCIDENT, TRAILER } from './acme-shop.ts';
import { type LoopbackToken, token } from './loopback-access.ts';
import { secondaryLimit } from './loopback-faults.ts';
import { refusal } from './loopback-reply.ts';

const SECRET = 'a-token-of-no-known-shape-0815';
const about = { incident: INCIDENT, round: 1, branch: BRANCH, base: 'main' };
const proposal = { ...about, title: 'Fix', body: TRAILER, draft: false, label: '' };

function propose(shop: AcmeShop, options: Partial<GitHubOptions> = {}) {
  return ensurePullRequest(shop.open(options), proposal);
}

/** What GitHub refuses a token of this kind. */
async function refusedTo(holder: Partial<LoopbackToken>) {
  return propose(await acmeShop({ tokens: { [SECRET]: token(holder) } }));
}

describe('not permitted says which permission is missing and where it is given', () => {
  const readOnly = { contents: 'write', pull_requests: 'read', issues: 'write' } as const;
  const cases: [name: string, holder: Partial<LoopbackToken>, why: RegExp, next: RegExp][] = [
    [
      'a fine-grained token that may only read',
      { permissions: readOnly },
      /not accessible by personal access token/,
      /permission pull requests: write .*`permissions: pull-requests: write`/,
    ],
    [
      'a workflow token',
      { kind: 'workflow', permissions: readOnly },
      /not accessible by integration/,
      /pull requests: write/,
    ],
    [
      'a workflow whose repository forbids it',
      { kind: 'workflow', mayOpenPulls: false },
      /Actions is not permitted/,
      /Tick "Allow GitHub Actions to create and approve pull requests"/,
    ],
    [
      'a repository it does not see',
      { sees: false },
      /read the repository acme\/shop.*Not Found/,
      /access to this repository/,
    ],
    ['a classic token without its scope', { kind: 'classic', scopes: ['gist'] }, /Not Found/, /the scope "repo"/],
    ['single sign-on', { sso: true }, /SAML/, /single sign-on/],
  ];
  test.each(cases)('%s', async (_name, holder, why, next) => {
    const answer = await refusedTo(holder);
    expect(answer).toMatchObject({
      status: 'not_permitted',
      why: expect.stringMatching(why),
      next: expect.stringMatching(next),
    });
    expect(JSON.stringify(answer)).not.toContain('AABBCC'); // the sign-on link is a key
  });

  test('a classic token that may read what everybody may', async () => {
    const shop = await acmeShop({ tokens: { [SECRET]: token({ kind: 'classic', scopes: ['gist'] }) } });
    shop.server.state.private = false;
    expect(await propose(shop)).toMatchObject({
      status: 'not_permitted',
      why: 'GitHub was asked to open the pull request and answered "Not Found"',
      next: expect.stringMatching(/scope "repo" \("public_repo" for a public one; it has "gist"\)/),
    });
  });

  test('a token that is no longer one', async () => {
    expect(await propose(await acmeShop(), { token: SECRET })).toMatchObject({
      status: 'not_permitted',
      why: expect.stringContaining('Bad credentials'),
      next: expect.stringContaining('gh auth login'),
    });
  });

  test('IP allow lists and unapproved applications', async () => {
    const shop = await acmeShop();
    const although = 'Although you appear to have the correct authorization credentials, the `acme` organization has';
    shop.server.fail('GET /', refusal(403, `${although} an IP allow list enabled, and 203.0.113.9 is not permitted.`));
    expect(await propose(shop)).toMatchObject({
      status: 'not_permitted',
      next: expect.stringContaining('IP allow list'),
    });
    shop.server.fail('GET /', refusal(403, `${although} enabled OAuth App access restrictions.`));
    expect(await propose(shop)).toMatchObject({ next: expect.stringContaining('approve the application') });
  });
});

describe('limits tell until when, and nobody sleeps', () => {
  const now = new Date('2026-11-20T03:00:00Z');
  const clock = { now: () => now, sleep: () => Promise.reject(new Error('slept')) };

  test('the hourly budget', async () => {
    const shop = await acmeShop();
    shop.server.limit = { remaining: 0, reset: new Date('2026-11-20T03:41:00Z') };
    expect(await propose(shop, { clock })).toEqual({
      status: 'rate_limited',
      why: "GitHub's hourly limit of requests for this token is used up",
      until: '2026-11-20T03:41:00.000Z',
    });
    const related = { ...about, fingerprint: FINGERPRINT, files: [], since: new Date(0) };
    expect(await findRelated(shop.open({ clock }), related)).toMatchObject({ status: 'rate_limited' });
  });

  test.each([
    ['with retry-after', secondaryLimit(120), '2026-11-20T03:02:00.000Z'],
    ['without', secondaryLimit(), '2026-11-20T03:01:00.000Z'],
    [
      'at the end of the hourly one',
      { ...secondaryLimit(), headers: { 'retry-after': '120', 'x-ratelimit-remaining': '0' } },
      '2026-11-20T03:02:00.000Z',
    ],
    ['as 429 without a word', { status: 429, body: '' }, '2026-11-20T03:01:00.000Z'],
  ])('the secondary one, %s', async (_name, reply, until) => {
    const shop = await acmeShop();
    shop.server.fail('POST /pulls', reply);
    expect(await propose(shop, { clock })).toMatchObject({ status: 'rate_limited', until });
    expect(shop.server.pulls).toHaveLength(0);
  });

  test('a nearly empty budget is no limit for a request that fails for another reason', async () => {
    const shop = await acmeShop();
    shop.server.fail('POST /pulls', refusal(403, 'Resource not accessible by integration'));
    shop.server.limit.remaining = 3;
    expect(await propose(shop, { clock })).toMatchObject({ status: 'not_permitted' });
  });
});

describe('unreachable', () => {
  async function nobodyListens(): Promise<string> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return `http://127.0.0.1:${port}`;
  }

  test('nobody there, no such host, a proxy that Node does not use', async () => {
    const shop = await acmeShop();
    const at = (apiUrl: string) => ({ where: { owner: 'acme', name: 'shop', apiUrl, webUrl: 'https://github.com' } });
    expect(await propose(shop, at(await nobodyListens()))).toMatchObject({
      status: 'unreachable',
      why: expect.stringContaining('could not be reached to read the repository acme/shop: ECONNREFUSED'),
    });
    const proxied = { HTTPS_PROXY: 'http://proxy:3128' };
    expect(await propose(shop, { ...at('http://github.invalid'), env: proxied })).toMatchObject({
      status: 'unreachable',
      why: expect.stringMatching(/(?:ENOTFOUND|EAI_AGAIN); HTTPS_PROXY counts with NODE_USE_ENV_PROXY=1/),
    });
    expect(shop.waits).toEqual([1000, 2000, 1000, 2000]);
  });
});

test('branch rules and whatever else GitHub objects to is passed on in its words', async () => {
  const shop = await acmeShop();
  const errors = [
    'Repository rule violations found',
    { resource: 'PullRequest', code: 'custom', message: 'Cannot\nrun' },
  ];
  shop.server.fail('POST /pulls', { status: 422, body: { message: 'Validation Failed', errors } });
  expect(await propose(shop)).toMatchObject({
    status: 'refused',
    why: 'GitHub was asked to open the pull request and answered "Validation Failed: Repository rule violations found: Cannot run"',
    next: expect.stringContaining('publish again'),
  });
});

test('no text holds the token, nor other secrets that GitHub or a proxy repeats', async () => {
  const shop = await acmeShop({ tokens: { [SECRET]: token() } });
  const leak = `token ${SECRET} and https://bot:hunter2secret@proxy/ for ada@corp.example.org`;
  const answers = [];
  for (const reply of [
    refusal(401, leak),
    refusal(403, leak),
    refusal(422, leak),
    refusal(500, leak),
    { status: 422, body: { message: 'Validation Failed', errors: [{ code: 'custom', message: leak }, leak] } },
    { status: 400, body: leak, headers: { 'content-type': 'text/plain' } },
    refusal(409, 'x'.repeat(100_000)),
  ]) {
    shop.server.fail('POST /pulls', { reply, times: 2 });
    answers.push(await propose(shop));
  }
  answers.push(await propose(shop, { token: `${SECRET}\nX-Evil: 1` }));
  const text = JSON.stringify(answers);
  expect(text).not.toMatch(/no-known-shape|hunter2|ada@corp/);
  expect(text).toContain('[secret]');
  for (const answer of answers) expect(JSON.stringify(answer).length).toBeLessThan(800);
  expect(answers.every(({ status }) => status !== 'open')).toBe(true);
});
