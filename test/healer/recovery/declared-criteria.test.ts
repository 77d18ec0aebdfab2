/** Criteria are judged with the verdict about a tree, and nothing with one that does not hold is offered. */
import { expect, it } from 'vitest';
import { propose } from '../../../healer/fixes/propose.ts';
import { startFix } from '../../../healer/fixes/start-fix.ts';
import { currentPass } from '../../../healer/fixes/verified-tree.ts';
import { verifyFix } from '../../../healer/fixes/verify-fix.ts';
import { declaredCriteria, keepGivenCriteria } from '../../../healer/recovery/declared-criteria.ts';
import { write } from '../../write.ts';
import { healHonestly, reported, WORDS } from '../sample-fix.ts';
import { benchOn } from '../sample-repository.ts';

const CRITERIA = `version: "1.0"
tests: { command: node --test }
criteria:
  - { id: gate, gate: pass }
  - { id: pinned, description: it says why, command: "grep pinned test/expired.test.js || { echo not pinned; exit 3; }" }
overrides:
  - { match: { failure_type: runtime_error }, set: { criteria: [{ id: gate, gate: pass }, { id: there, file_exists: test/pinned.test.js }] } }
`;
const TIMEOUT = { timeout: 240_000 };

it(
  'stand with the verdict; a pass with an unmet one is not proposed, and the same tree with it met is',
  TIMEOUT,
  async () => {
    const { bench, incident } = await reported(
      { role: 'session' },
      { '.self-healing/config.yaml': CRITERIA.slice(0, CRITERIA.indexOf('overrides:')) },
    );
    const fix = await startFix(bench, { incident });
    await healHonestly(bench, fix);
    const { verification, text } = await verifyFix(bench, incident);
    expect(verification.verdict).toBe('pass');
    expect(verification.criteria).toMatchObject([
      { id: 'gate', met: true },
      {
        id: 'pinned',
        met: false,
        found: expect.stringMatching(/^it says why: .* ended with exit code 3:\nnot pinned$/),
      },
    ]);
    expect(text).toMatch(/^pass .*Make the success criteria hold that are named below, and verify again\./);
    expect(text).toContain('- pinned does NOT hold: it says why: ');
    await expect(propose(bench, { incident, ...WORDS })).rejects.toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining('not every success criterion holds: pinned (it says why:'),
    });
    write(fix.worktree, { 'test/pinned.test.js': '// pinned\n' });
    await verifyFix(bench, incident, {
      criteria: [{ id: 'there', description: '', file_exists: 'test/pinned.test.js' }],
    });
    expect((await currentPass(bench, fix)).verification.criteria).toMatchObject([{ id: 'there', met: true }]);
  },
);

it('are those of the class once it is diagnosed, and those that a heal was given before any', async () => {
  const { bench, incident, repository } = await reported({}, { '.self-healing/config.yaml': CRITERIA });
  const fix = await startFix(bench, { incident });
  const ids = () => declaredCriteria(bench, fix).map(({ id }) => id);
  expect(ids()).toEqual(['gate', 'pinned']);
  await healHonestly(bench, fix);
  expect(ids()).toEqual(['gate', 'there']);
  keepGivenCriteria(bench, fix, [{ id: 'mine', description: '', file_exists: 'a' }]);
  expect(ids()).toEqual(['mine']);
  const other = await benchOn(repository);
  expect(declaredCriteria(other, { ...fix, round: 1 }).map(({ id }) => id)).toEqual(['mine']);
  expect(declaredCriteria(other, { ...fix, round: 2 }).map(({ id }) => id)).toEqual(['gate', 'pinned']);
});
