/** Honest fixes, from the log of a real service to one commit on a branch, by the real client and without a person. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix, type Part } from '../../cli/demo/play.ts';
import type { SampleName } from '../../cli/demo/sample-repository.ts';
import { expectUntouched, heal } from './healed.ts';
import { BILLING_PART, INVENTORY_PART } from './parts.ts';
import { editing, UNVERIFIED } from './plays/acts.ts';
import { type Stage, type StageOptions, setStage } from './stage.ts';

let stage: Stage;
const open = async (sample: SampleName, options: StageOptions = {}) => {
  stage = await setStage(sample, options);
};
afterEach(() => stage.remove());

const SAMPLES: [SampleName, Part, string[]][] = [
  ['node-orders', ORDERS_PART, ['.self-healing/incidents.yaml', '.self-healing/scenarios/tenancy.yaml']],
  ['python-inventory', INVENTORY_PART, ['.self-healing/incidents.yaml', '.self-healing/scenarios/stock.yaml']],
  ['typescript-billing', BILLING_PART, ['.self-healing/incidents.yaml', '.self-healing/scenarios/invoices.yaml']],
];

describe('heal --yes', () => {
  it.each(SAMPLES)('proposes the proven fix of %s as one commit, once', async (sample, part, context) => {
    await open(sample, { origin: true });
    // Of the three only the first lets the agent verify as well; what counts is the parent's own verdict.
    const shorter = sample === 'node-orders' ? {} : { run: null, verify: null, propose: null };
    const { exit, result, report, stderr } = await heal(stage, honestFix(part, shorter));
    expect(result, stderr).toMatchObject({ status: 'proposed', verdict: 'pass', round: 1, attempts: 1 });
    expect(exit).toBe(0);
    const { incident } = result;
    const branch = `hotfix/auto-${incident.slice(4)}`;
    expect(result.branch).toBe(branch);

    const base = await stage.git(['rev-parse', 'main']);
    expect(await stage.git(['rev-parse', `${branch}^`])).toBe(base);
    const files = (await stage.git(['diff', '--name-only', base, branch])).split('\n');
    const changed = [...part.tests, ...part.edits].map(({ file }) => file);
    expect(files.sort()).toEqual([...new Set([...changed, ...context])].sort());
    const message = await stage.git(['log', '-1', '--format=%B', branch]);
    if (sample === 'node-orders') expect(message).toContain(part.title);
    expect(message).toContain(`Self-Healing-Incident: ${incident}/1`);
    const tree = await stage.git(['rev-parse', `${branch}^{tree}`]);
    expect(message).toContain(`Self-Healing-Tree: ${tree}`);

    expect(await stage.git(['rev-parse', branch], stage.origin)).toBe(await stage.git(['rev-parse', branch]));
    expect(report).toMatch(/\| base \+ the new tests \| 3× \| 0 passed, 1 failed \| 1 \|/);
    expect(report).toMatch(/\| the fix \| 3× \| 1 passed, 0 failed \| 0 \|/);
    expect(report).toMatch(/\| the change taken back \| 3× \| 0 passed, 1 failed \| 1 \|/);
    expect(report).toContain(`tree \`${tree}\``);
    expect(report).not.toContain('not observed');
    await expectUntouched(stage);

    // The same error once more finds its incident proposed; no model is asked, nothing is pushed.
    const refs = await stage.git(['for-each-ref'], stage.origin);
    const second = await heal(stage, honestFix(part));
    expect(second).toMatchObject({ exit: 0, requests: [], result: { incident, round: 1, status: 'proposed' } });
    expect(await stage.git(['for-each-ref'], stage.origin)).toBe(refs);
  });

  it('takes a case that was added to an existing test file for a reproduction', async () => {
    await open('node-orders');
    const last = "  it('answers 405 to what cannot be done', () => {\n";
    const added = `  it('answers 401 to a session that has expired', () => {
    const { status } = createApp(seededServices())({ method: 'GET', path: '/orders', headers: as('acme-old') });
    assert.equal(status, 401);
  });

`;
    const part: Part = {
      ...ORDERS_PART,
      scenario: { ...ORDERS_PART.scenario, test_command: 'node --test test/app.test.js' },
    };
    const script = honestFix(part, {
      ...UNVERIFIED,
      test: null,
      after: { read: editing('test/app.test.js', last, added + last) },
    });
    const { exit, result, report, stderr } = await heal(stage, script);
    expect(result, stderr).toMatchObject({ status: 'proposed', verdict: 'pass' });
    expect(exit).toBe(0);
    expect(report).toMatch(/\| base \+ the new tests \| 3× \| 6 passed, 1 failed \| 1 \|/);
    await expectUntouched(stage);
  });
});

describe('heal without --yes', () => {
  it('waits for a person, whose approval verifies the kept tree again and publishes it', async () => {
    await open('node-orders', { origin: true });
    const { exit, result } = await heal(stage, honestFix(ORDERS_PART, UNVERIFIED), ['--error', stage.logFile]);
    expect(result).toMatchObject({ status: 'awaiting_publish', verdict: 'pass' });
    expect(result.why).toContain(`\`self-healing approve ${result.incident}\``);
    expect(exit).toBe(0);
    const { incident } = result;
    const branch = `hotfix/auto-${incident.slice(4)}`;
    expect(await stage.git(['branch', '--list', branch], stage.origin)).toBe('');
    // The person sees what they are asked about.
    const shown = await stage.git((result.look ?? '').split(' ').slice(1));
    expect(shown).toContain('+++ b/src/tenant-context.js');
    expect(shown).toContain('+++ b/test/expired-session.test.js');

    const piped = await stage.run(['approve', incident]);
    expect(piped).toMatchObject({ exit: 2, stderr: expect.stringContaining('needs a terminal') });
    const inSession = await stage.person(['approve', incident], { env: { CLAUDECODE: '1' } });
    expect(inSession).toMatchObject({ exit: 2, text: expect.stringContaining('under Claude Code') });
    expect(await stage.git(['branch', '--list', branch], stage.origin)).toBe('');

    const approved = await stage.person(['approve', incident]);
    expect(approved).toMatchObject({ exit: 0, text: expect.stringContaining(`Published on ${branch}, pushed.`) });
    expect(await stage.git(['rev-parse', branch], stage.origin)).toBe(await stage.git(['rev-parse', branch]));
    const again = await stage.person(['approve', incident]);
    expect(again.exit).not.toBe(0);
    await expectUntouched(stage);
  });

  it('publishes nothing that changed in the kept worktree after it was proven', async () => {
    await open('node-orders', { origin: true });
    const script = honestFix(ORDERS_PART, UNVERIFIED);
    const { result } = await heal(stage, script, ['--error', stage.logFile]);
    expect(result).toMatchObject({ status: 'awaiting_publish', verdict: 'pass' });
    const branch = `hotfix/auto-${result.incident.slice(4)}`;
    const file = join(stage.root, '.worktrees', branch, 'src/tenant-context.js');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('session === undefined', 'session === null'));
    const approved = await stage.person(['approve', result.incident]);
    expect(approved).toMatchObject({ exit: 1, text: expect.stringContaining('Not published') });
    expect(approved.text).toContain('reproduction.still_red');
    expect(await stage.git(['branch', '--list', 'hotfix/*'], stage.origin)).toBe('');
    await expectUntouched(stage);
  });
});
