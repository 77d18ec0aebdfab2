/** A proposal whose base moved is proven there and published on its branch again, by the gate alone where it still applies. */
import { expect, it } from 'vitest';
import { heal } from '../../../healer/heal.ts';
import { runsOf } from '../../../store/runs.ts';
import { verificationsOf } from '../../../store/verifications.ts';
import { colleague } from '../publishing/on-github.ts';
import { PROJECT } from '../sample-fix.ts';
import { commit, freshFolder, run } from '../sample-repository.ts';
import { FIXED, proposed } from './proposed.ts';

const SCENARIOS = '.self-healing/scenarios/tenants.yaml';
const TEST = `import assert from 'node:assert/strict';
import test from 'node:test';
import { tenantOf } from '../src/tenant.js';

test('an expired session has no tenant', () => {
  assert.equal(tenantOf(new Map(), 'gone'), null);
});
`;
const scenario = (incident: string) => `  - id: S002
    name: an expired session has no tenant
    why: it was a 500
    incident: ${incident}
    test_command: node --test test/expired.test.js
`;

async function complete() {
  const config = '.self-healing/config.yaml';
  const one = await proposed({
    files: { [config]: `${PROJECT[config]}approval: { publish: auto }\n` },
    fix: (incident) => ({
      'test/expired.test.js': TEST,
      [SCENARIOS]: `${PROJECT[SCENARIOS]}${scenario(incident)}`,
    }),
  });
  const { incident } = one;
  const healing = () =>
    heal(one.bench, {
      incident,
      pluginDir: freshFolder('plugin'),
      env: { ...one.env, PATH: process.env.PATH, HOME: freshFolder('home') },
    });
  return { one, healing };
}

it('is published on the same branch and pull request, as one commit on the new base, and no agent is paid', async () => {
  const { one, healing } = await complete();
  const { bench, incident, remote, branch, pull, github } = one;
  const theirs = colleague(remote);
  const tip = commit(theirs, { 'src/other.js': 'export {};\n' });
  run(theirs, 'push', '--quiet', 'origin', 'main');
  Object.assign(pull ?? {}, { mergeable_state: 'behind' });
  await one.look();
  expect(await one.status()).toBe('queued');
  const result = await healing();
  expect(result, result.why).toMatchObject({ status: 'proposed', verdict: 'pass', round: 1, branch });
  expect(runsOf(bench.db, incident)).toEqual([]);
  const made = run(remote, 'rev-parse', branch);
  expect(run(remote, 'log', '-1', '--format=%P', made)).toBe(tip);
  expect(run(remote, 'show', `${made}:src/tenant.js`)).toBe(FIXED.trimEnd());
  expect(verificationsOf(bench.db, incident).at(-1)).toMatchObject({ verdict: 'pass', by: 'parent' });
  expect(github.pulls).toHaveLength(1);
  expect(one.proposal()).toMatchObject({ commit: made, status: 'pull_request', url: result.url });
  Object.assign(pull ?? {}, { mergeable_state: 'clean' });
  await one.look();
  expect(one.stands()).toBe('open, no checks');
});

it('is dismissed where the error is gone on the new base', async () => {
  const { one, healing } = await complete();
  const theirs = colleague(one.remote);
  commit(theirs, { 'src/tenant.js': `${FIXED}// by hand\n` });
  run(theirs, 'push', '--quiet', 'origin', 'main');
  Object.assign(one.pull ?? {}, { mergeable_state: 'behind' });
  await one.look();
  expect(await one.status()).toBe('queued');
  expect(await healing()).toMatchObject({ status: 'dismissed' });
  expect((await one.history()).at(-1)?.why).toContain('already_fixed');
  expect(run(one.remote, 'rev-parse', one.branch)).toBe(one.commit);
  await one.look();
  expect(one.github.state.comments).toMatchObject([{ body: expect.stringContaining('the error is gone on the base') }]);
});

it('never makes a branch again that somebody deleted', async () => {
  const { one: other, healing: heals } = await complete();
  const moved = colleague(other.remote);
  commit(moved, { 'src/other.js': 'export {};\n' });
  run(moved, 'push', '--quiet', 'origin', 'main');
  Object.assign(other.pull ?? {}, { mergeable_state: 'behind' });
  await other.look();
  run(moved, 'push', '--quiet', 'origin', '--delete', other.branch);
  Object.assign(other.pull ?? {}, { state: 'closed' }); // as GitHub does then
  const result = await heals();
  expect(result).toMatchObject({ status: 'awaiting_publish', unpublished: { state: 'taken' } });
  expect(result.why).toContain('was deleted on the remote');
  expect(run(other.remote, 'for-each-ref', '--format=%(refname)', 'refs/heads/hotfix')).toBe('');
});
