import { expect, test } from 'vitest';
import { findRelated, type RelatedRequest } from '../../../../healer/publishing/github/related.ts';
import { commit, run } from '../../sample-repository.ts';
import { acmeShop, BRANCH, FINGERPRINT, INCIDENT, TRAILER } from './acme-shop.ts';

const NOW = Date.now();
const DAY = 86_400_000;

function request(changes: Partial<RelatedRequest> = {}): RelatedRequest {
  return {
    incident: INCIDENT,
    round: 1,
    fingerprint: FINGERPRINT,
    branch: BRANCH,
    base: 'main',
    files: ['src/tenant.js'],
    since: new Date(NOW - 30 * DAY),
    ...changes,
  };
}

/** Days ago, as GitHub writes it. */
function ago(days: number): string {
  return new Date(NOW - days * DAY).toISOString().replace(/\.\d+Z$/, 'Z');
}

const EARLIER_ROUND = `Text.\n\nSelf-Healing-Incident: ${INCIDENT}/2\n`;

test('nothing there', async () => {
  const { open } = await acmeShop();
  expect(await findRelated(open(), request())).toEqual({
    status: 'found',
    same: [],
    overlapping: [],
    commits: [],
    notes: [],
  });
});

test('ours, the same incident in other places, and an overlapping one are told apart', async () => {
  const { server, open } = await acmeShop();
  const own = server.addPull({ branch: BRANCH, body: TRAILER });
  const byTrailer = server.addPull({ body: EARLIER_ROUND, from: 'mallory/shop', updated_at: ago(400) });
  const byBranch = server.addPull({ branch: `${BRANCH}-3`, body: null });
  const recent = { state: 'closed', closed_at: ago(3), updated_at: ago(3), body: EARLIER_ROUND } as const;
  const closed = server.addPull(recent);
  const merged = server.addPull({ ...recent, merged_at: ago(3) });
  server.addPull({ ...recent, closed_at: ago(31), updated_at: ago(31) }); // long ago
  server.addPull({ ...recent, closed_at: ago(31) }); // long ago, and talked about since
  server.addPull({ body: EARLIER_ROUND.replace('f7890', 'f7891') }); // another incident
  server.addPull({ body: `see ${TRAILER} and\n> ${TRAILER}` }); // quoted, no line of its own
  server.addPull({ branch: `${BRANCH}-x` });
  server.addPull({ branch: `${BRANCH}-4`, from: 'mallory/shop' });
  const overlap = server.addPull({
    title: 'Tidy\nup <b>',
    files: [{ filename: 'src/new.js', previous_filename: 'src/tenant.js', status: 'renamed' }],
  });
  server.addPull({ files: [{ filename: 'src/cart.js', status: 'modified' }] });

  const found = await findRelated(open(), request());
  if (found.status !== 'found') throw new Error(found.why);
  expect(found.own).toMatchObject({ number: own.number, fromHere: true, trailers: [{ incident: INCIDENT, round: 1 }] });
  const numbers = found.same.map(({ number }) => number).sort((a, b) => a - b);
  expect(numbers).toEqual([byTrailer, byBranch, closed, merged].map(({ number }) => number));
  expect(found.same.find(({ number }) => number === byTrailer.number)).toMatchObject({
    fromHere: false,
    state: 'open',
  });
  expect(found.same.find(({ number }) => number === merged.number)).toMatchObject({ state: 'merged' });
  expect(found.overlapping).toMatchObject([
    { number: overlap.number, title: 'Tidy up <b>', author: 'grace', files: ['src/tenant.js'] },
  ]);
  expect(found.notes).toEqual([]);
});

test('more than a hundred are read page by page along the links, and the bounds are said', async () => {
  const { server, open } = await acmeShop();
  const files = [{ filename: 'src/tenant.js', status: 'modified' }] as const;
  const oldest = server.addPull({ body: EARLIER_ROUND, updated_at: ago(25), created_at: ago(25) });
  for (let i = 0; i < 240; i++) server.addPull({ updated_at: ago(1) });
  const intoMain = server.addPull({ files: [...files], updated_at: ago(20) });
  for (const pull of server.pulls.slice(1, 230)) pull.base = 'release';
  const found = await findRelated(open(), request());
  if (found.status !== 'found') throw new Error(found.why);
  expect(found.same.map(({ number }) => number)).toEqual([oldest.number]);
  expect(found.overlapping.map(({ number }) => number)).toEqual([intoMain.number]);
  expect(found.notes).toEqual(['The files of 191 more open pull requests were not looked at.']);
  const pages = server.requests.filter(({ route, url }) => route === 'GET /pulls' && url.includes('state=open'));
  expect(pages.map(({ url }) => new URL(url).pathname)).toEqual([
    '/repos/acme/shop/pulls',
    '/repositories/1000/pulls',
    '/repositories/1000/pulls',
  ]);
  expect(server.count('GET /pulls/{number}/files')).toBe(50);
});

test('a list without an end is left at its bound; closed ones are read no further than they are recent', async () => {
  const { server, open } = await acmeShop();
  for (let i = 0; i < 1001; i++) server.addPull({ state: 'closed', updated_at: ago(1), closed_at: ago(1) });
  const found = await findRelated(open(), request());
  expect(found.status === 'found' && found.notes).toEqual(['Only the 1000 pull requests closed last were looked at.']);
  for (const pull of server.pulls.slice(50)) Object.assign(pull, { updated_at: ago(100), closed_at: ago(100) });
  const before = server.requests.length;
  const again = await findRelated(open(), request());
  expect(again.status === 'found' && again.notes).toEqual([]);
  const closed = server.requests.slice(before).filter(({ url }) => url.includes('state=closed'));
  expect(closed).toHaveLength(1);
});

test('recent commits on the base with the trailer of the incident', async () => {
  const { open, root } = await acmeShop();
  run(root, 'switch', '--quiet', '--create', 'trunk', 'main');
  const healed = commit(root, {}, `Check the tenant (#12)\n\n* Check the tenant\n\n${TRAILER}\nSelf-Healing-Tree: 1\n`);
  commit(root, {}, `Revert "Check the tenant"\n\nThis takes back ${TRAILER}`);
  run(root, 'push', '--quiet', 'origin', 'trunk');
  run(root, 'switch', '--quiet', 'main');
  const found = await findRelated(open(), request({ base: 'trunk' }));
  expect(found).toMatchObject({
    status: 'found',
    commits: [{ sha: healed, title: 'Check the tenant (#12)', url: `https://github.com/acme/shop/commit/${healed}` }],
  });
  const later = { base: 'trunk', since: new Date(NOW + DAY) };
  expect(await findRelated(open(), request(later))).toMatchObject({ commits: [] });
  expect(await findRelated(open(), request({ base: 'gone' }))).toMatchObject({
    status: 'not_permitted',
    why: expect.stringContaining('list the commits of gone'),
  });
});

test('what cannot be read fails the whole: half a search finds nothing by accident', async () => {
  const { server, open } = await acmeShop();
  server.addPull();
  for (const route of ['GET /', 'GET /pulls', 'GET /commits', 'GET /pulls/{number}/files']) {
    server.fail(route, { status: 503, times: 3 });
    expect(await findRelated(open(), request())).toMatchObject({ status: 'unreachable' });
  }
});
