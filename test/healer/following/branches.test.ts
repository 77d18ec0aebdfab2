/** Proposals that are branches and no more: git alone tells what became of them. */
import { expect, it } from 'vitest';
import { mergeOf } from '../../../store/merges.ts';
import { colleague } from '../publishing/on-github.ts';
import { commit, run } from '../sample-repository.ts';
import { proposed } from './proposed.ts';

const branchOnly = () => proposed({ pull: false });

/** Somebody brings the branch to main in a clone of their own, and pushes it. */
function bring(one: Awaited<ReturnType<typeof branchOnly>>, work: (folder: string) => void): string {
  const theirs = colleague(one.remote);
  commit(theirs, { 'src/other.js': 'export {};\n' });
  work(theirs);
  run(theirs, 'push', '--quiet', 'origin', 'HEAD:main');
  return run(theirs, 'rev-parse', 'HEAD');
}

it.each([
  [
    'a merge',
    1,
    (one: { branch: string }) => (at: string) =>
      void run(at, 'merge', '--quiet', '--no-ff', '-m', 'Merge it', `origin/${one.branch}`),
  ],
  [
    'a cherry-pick under another message',
    1,
    (one: { commit: string }) => (at: string) => {
      run(at, 'cherry-pick', '--no-commit', one.commit);
      run(at, 'commit', '--quiet', '-m', 'Null for expired sessions');
    },
  ],
  [
    'a squash with the trailer, changed on the way',
    0,
    (one: { commit: string; incident: string }) => (at: string) => {
      run(at, 'cherry-pick', '--no-commit', one.commit);
      commit(
        at,
        { 'src/tenant.js': 'export const tenantOf = () => null;\n' },
        `Fix it (#7)\n\nSelf-Healing-Incident: ${one.incident}/1`,
      );
    },
  ],
])('merged is recognised from git: %s', async (_how, unchanged, work) => {
  const one = await branchOnly();
  await one.look();
  expect(one.stands()).toBe(`on ${one.branch}, waiting to be merged into main`);
  const merged = bring(one, work(one));
  await one.look();
  expect(await one.status()).toBe('merged');
  expect(mergeOf(one.bench.db, one.incident, 1)).toMatchObject({ commit: merged, how: 'git', unchanged, url: null });
});

it('what others made of the branch is theirs; a deleted one is not made again', async () => {
  const one = await branchOnly();
  bring(one, () => {});
  await one.look();
  expect(one.stands()).toMatch(/waiting to be merged into main; main moved to [0-9a-f]{12} since it was proven$/);
  const theirs = colleague(one.remote);
  run(theirs, 'switch', '--quiet', one.branch);
  commit(theirs, { 'src/more.js': 'export {};\n' });
  run(theirs, 'push', '--quiet', 'origin', one.branch);
  await one.look();
  expect(one.stands()).toMatch(/^hands off: .* holds [0-9a-f]{12}, which is not ours$/);
  run(theirs, 'push', '--quiet', 'origin', '--delete', one.branch);
  await one.look();
  expect(one.stands()).toMatch(/^hands off: the branch .* was deleted/);
  expect(await one.status()).toBe('proposed');
});
