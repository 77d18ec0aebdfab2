/** A person who works in the main checkout while a fix is under way: what judges stays, and what changed is named. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { propose } from '../../healer/fixes/propose.ts';
import { verifyFix } from '../../healer/fixes/verify-fix.ts';
import { approvePublish } from '../../healer/publishing/approve-publish.ts';
import { write } from '../write.ts';
import { healHonestly, PROJECT, started, WORDS } from './sample-fix.ts';
import { commit, freshFolder, run } from './sample-repository.ts';

const CONFIG = PROJECT['.self-healing/config.yaml'];
/** No `?.` in src: the honest fix breaks it. */
const STRICT = `version: "1.0"
invariants:
  - { id: INV-001, rule: sessions are looked up strictly, severity: critical, files: ["src/**"], check: { pattern: { regex: "\\\\?\\\\.", must: not_match } } }
`;
const INVARIANTS = '.self-healing/invariants.yaml';

async function judged(files: Record<string, string>, meanwhile: (root: string) => void) {
  const sample = await started({ role: 'session' }, files);
  await healHonestly(sample.bench, sample.fix);
  meanwhile(sample.root);
  const { verification, needsPerson, text } = await verifyFix(sample.bench, sample.incident);
  const codes = Object.values(verification.checks).flatMap(({ findings }) =>
    findings.map(({ code, file }) => `${code} ${file ?? ''}`.trim()),
  );
  return { ...sample, verdict: verification.verdict, needsPerson, codes, text };
}

test('law that is edited in the main checkout does not judge, and is refused by its name', async () => {
  const edited = await judged({}, (root) =>
    write(root, {
      '.self-healing/config.yaml': `${CONFIG}guardrails: { forbidden_paths: ["src/**"], max_files_changed: 0 }\n`,
      [INVARIANTS]: STRICT,
    }),
  );
  expect(edited.verdict).toBe('refuse');
  expect(edited.codes.sort()).toEqual([
    'guardrails.main_law .self-healing/config.yaml',
    'guardrails.main_law .self-healing/invariants.yaml',
    'guardrails.main_status .self-healing/config.yaml',
    'guardrails.main_status .self-healing/invariants.yaml',
  ]);
  await expect(propose(edited.bench, { incident: edited.incident, ...WORDS })).rejects.toMatchObject({
    code: 'not_allowed',
  });
}, 120_000);

test('law that is taken away in the main checkout judges all the same', async () => {
  const { verdict, codes, text } = await judged({ [INVARIANTS]: STRICT }, (root) => rmSync(join(root, INVARIANTS)));
  expect(verdict).toBe('refuse');
  expect(codes).toContain('invariants.violated src/tenant.js');
  expect(codes).toContain(`guardrails.main_law ${INVARIANTS}`);
  expect(text).toContain('INV-001');
}, 120_000);

test('law that was never committed judges as it was when the fix was started', async () => {
  const { incident, fix, bench, root, base } = await started(
    { role: 'session' },
    { '.gitignore': '.self-healing/\n', [INVARIANTS]: STRICT },
  );
  expect(run(root, 'ls-tree', '--name-only', base, '.self-healing')).toBe('');
  await healHonestly(bench, fix);
  write(root, { [INVARIANTS]: 'version: "1.0"\ninvariants: []\n' });
  const { verification, text } = await verifyFix(bench, incident);
  expect(verification.verdict).toBe('refuse');
  expect(text).toContain('invariants.violated');
  expect(text).toContain(`guardrails.main_law] ${INVARIANTS} in the main checkout changed`);
}, 120_000);

test('a commit on main is named, and publishing asks', async () => {
  const { bench, root, incident, fix, verdict, codes, needsPerson } = await judged(
    { '.self-healing/config.yaml': `${CONFIG}approval: { publish: auto }\n` },
    (root) => commit(root, { 'notes.md': 'from a person\n' }, 'Take notes'),
  );
  expect([verdict, codes]).toEqual(['pass', ['guardrails.main_head', 'guardrails.main_index', 'guardrails.main_refs']]);
  expect(needsPerson.join('\n')).toContain(run(root, 'rev-parse', 'main'));
  const asked = await propose(bench, { incident, ...WORDS });
  expect(asked).toMatchObject({
    status: 'awaiting_approval',
    why: expect.stringContaining('HEAD of the main checkout moved'),
  });
  const answered = await approvePublish(bench, incident, { who: 'person:ada', verifyAgain: false, env: { PATH: '' } });
  expect(answered).toMatchObject({ status: 'proposed' });
  expect(run(root, 'log', '-1', '--format=%P', fix.branch)).toBe(run(root, 'rev-parse', 'main'));
}, 120_000);

test('law that is committed to main where it is checked out ends the run, and the line to look at shows it', async () => {
  const { codes, text, root, base } = await judged({}, (root) => commit(root, { [INVARIANTS]: STRICT }, 'Be strict'));
  expect(codes).toContain(`guardrails.main_law ${INVARIANTS}`);
  const [, line = ''] = /Look at `git (diff [^`]+)`/.exec(text) ?? [];
  expect(line).toBe(`diff ${base} -- ${INVARIANTS}`);
  expect(run(root, ...line.split(' '))).toContain('+  - { id: INV-001');
}, 120_000);

test('law that is committed to main from another worktree judges before anything is published', async () => {
  const sample = await started({ role: 'session' });
  const { bench, root, incident, fix } = sample;
  await healHonestly(bench, fix);
  run(root, 'checkout', '--quiet', '-b', 'feature');
  const other = freshFolder('other');
  run(root, 'worktree', 'add', '--quiet', other, 'main');
  commit(other, { [INVARIANTS]: STRICT }, 'Be strict');
  const { verification, needsPerson } = await verifyFix(bench, incident);
  expect(verification.verdict).toBe('pass');
  expect(needsPerson.join('\n')).toContain('refs/heads/main changed');
  expect(await propose(bench, { incident, ...WORDS })).toMatchObject({ status: 'awaiting_approval' });
  const published = await approvePublish(bench, incident, { who: 'person:ada', verifyAgain: false, env: { PATH: '' } });
  expect(published).toMatchObject({ status: 'no_longer_passes', verification: { verdict: 'refuse' } });
  expect(run(root, 'for-each-ref', '--format=%(refname)', 'refs/heads/hotfix')).toBe('');
}, 120_000);
