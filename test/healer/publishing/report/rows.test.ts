/** Reports made from real rows and trees; every command that they tell a person to type is typed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { classifier } from '../../../../gate/change-kind.ts';
import { changesBetween } from '../../../../gate/changes.ts';
import type { Verification } from '../../../../gate/verification.ts';
import { openWorkspace } from '../../../../gate/workspace.ts';
import { currentTree } from '../../../../healer/fixes/verified-tree.ts';
import { makeCommit } from '../../../../healer/publishing/commit.ts';
import { SIZE } from '../../../../healer/publishing/report/blocks.ts';
import { escalationReport } from '../../../../healer/publishing/report/escalation-report.ts';
import { patchOf } from '../../../../healer/publishing/report/escalation-rows.ts';
import { proposalReport } from '../../../../healer/publishing/report/proposal-report.ts';
import { reportFacts } from '../../../../healer/publishing/report/rows.ts';
import { costLines, triedLines } from '../../../../healer/publishing/report/tried-lines.ts';
import { markStopped } from '../../../../store/loop-states.ts';
import { finishRun, insertRun, noteRunCost, unseenEnd } from '../../../../store/runs.ts';
import { appendStep } from '../../../../store/steps.ts';
import { appendVerification } from '../../../../store/verifications.ts';
import { healHonestly, started } from '../../sample-fix.ts';
import { run } from '../../sample-repository.ts';
import { check, proven, runs } from './sample-facts.ts';

const TEST = 'node --test test/expired.test.js';
const SERVER = `import { tenantOf } from './tenant.js';
${'\n'.repeat(38)}export const handle = (sessions, id) => tenantOf(sessions, id);
`;

/** A healed worktree, its tree, and rows of two attempts; no gate ran. */
async function healed() {
  const sample = await started({ role: 'session' }, { 'src/server.js': SERVER });
  const { bench, fix, incident, root } = sample;
  await healHonestly(bench, fix);
  const tree = await currentTree(bench, fix);
  const phases = [
    runs(3, 'base_tests', { passed: 0, failed: 1, skipped: 0 }),
    runs(3, 'fix', { passed: 1, failed: 0, skipped: 0 }),
  ];
  const verification: Verification = {
    ...(proven().verification as Verification),
    tree,
    checks: {
      ...(proven().verification as Verification).checks,
      reproduction: check(
        'pass',
        phases.flat().map((one) => ({ ...one, command: TEST })),
      ),
    },
  };
  const failed: Verification = {
    ...verification,
    verdict: 'fail',
    tree: 'd'.repeat(40),
    checks: {
      ...verification.checks,
      reproduction: check(
        'fail',
        [],
        [{ code: 'reproduction.still_red', message: 'It is still red.', next: 'Correct it.' }],
      ),
    },
  };
  let seconds = 0;
  const attempt = (number: number, judged: Verification, mode: string | null) => {
    const id = randomUUID();
    const at = new Date(Date.UTC(2026, 10, 20, 17, 0, seconds++));
    insertRun(bench.db, { id, incident, round: 1, attempt: number, phase: 'fix', started_at: at.toISOString() });
    // Killed, it tells no total: what its stream told until then is kept.
    noteRunCost(bench.db, id, number / 4);
    finishRun(bench.db, id, { ...unseenEnd(at, mode), ...(mode === null && { cost_usd: 0.5, cost_basis: 'billed' }) });
    appendStep(bench.db, {
      run: id,
      at: at.toISOString(),
      tool: 'Bash',
      input: 'git push',
      outcome: 'denied',
      denied_by: 'command.push',
    });
    for (const by of ['server', 'parent'] as const)
      appendVerification(bench.db, {
        id: randomUUID(),
        incident,
        round: 1,
        run: id,
        iteration: 1,
        tree: judged.tree,
        verdict: judged.verdict,
        result: {
          ...judged,
          needs_person: judged.verdict === 'pass' ? ['Somebody has to look at it.'] : [],
          draft: false,
        },
        by,
        at: at.toISOString(),
      });
    return id;
  };
  const first = attempt(1, failed, 'verification');
  for (const [at, denied_by] of [null, null, 'guard.loop_stopped'].entries())
    appendStep(bench.db, {
      run: first,
      at: new Date(0).toISOString(),
      tool: 'Bash',
      input: JSON.stringify({ command: `cd '${root}/hotfix/auto-6f02fe01b1eff11d' && npm test` }),
      outcome: `error: Exit code 1 after ${at} s`,
      denied_by,
    });
  markStopped(bench.db, {
    run: first,
    rule: 'guard.loop_stopped',
    evidence: 'the same call 5 times [loop.repeat]',
    at: new Date(0).toISOString(),
  });
  attempt(2, verification, null);
  run(root, 'remote', 'add', 'origin', 'git@github.com:acme/orders.git');
  const changes = await changesBetween(
    await openWorkspace(bench.repository),
    fix.base.commit,
    tree,
    classifier(fix.law.config.tests.paths),
  );
  const subject = { incident, base: fix.base, warnings: [] };
  const facts = await reportFacts(bench, subject, verification, changes);
  return { ...sample, tree, verification, changes, subject, facts };
}

/** The lines of the fence after `title`. */
function commandsAfter(report: string, title: string): string[] {
  const block = report.slice(report.indexOf(title)).match(/```sh\n([\s\S]*?)\n```/)?.[1];
  if (block === undefined) throw new Error(`no commands after ${title}`);
  return block.split('\n');
}

function typed(root: string, line: string): { exit: number | null; output: string } {
  const person = { GIT_EDITOR: 'true', GIT_CONFIG_GLOBAL: '/dev/null', NODE_TEST_CONTEXT: undefined };
  const done = spawnSync('sh', ['-c', line], { cwd: root, encoding: 'utf8', env: { ...process.env, ...person } });
  return { exit: done.status, output: done.stdout + done.stderr };
}

test('rows and trees tell the chain, the attempts, who depends on the change, and what is left to a person', async () => {
  const { facts } = await healed();
  expect(facts.chain).toEqual({
    frames: [
      {
        file: 'src/server.js',
        line: 40,
        function: 'handle',
        code: 'export const handle = (sessions, id) => tenantOf(sessions, id);',
      },
      { file: 'src/tenant.js', line: 3, function: 'tenantOf', code: 'return session.tenantId;' },
    ],
    leftOut: 0,
  });
  expect(facts.dependents).toEqual({ direct: ['src/server.js'], all: ['src/server.js'] });
  expect(facts.reproductions).toMatchObject([{ name: 'an expired session has no tenant', command: TEST }]);
  expect(facts.tried.filter(({ phase }) => phase === 'fix')).toMatchObject([
    {
      attempt: 1,
      failureModes: ['verification'],
      cost: { usd: 0.25, basis: 'estimated' },
      judged: [{ verdict: 'fail', by: ['server', 'parent'] }],
      denied: [
        { rule: 'command.push', times: 1 },
        { rule: 'guard.loop_stopped', times: 1 },
      ],
      stops: [
        {
          why: 'the same call 5 times [loop.repeat]',
          calls: [
            { call: 'Bash', outcome: 'command.push', times: 1 },
            { call: 'Bash npm test', outcome: 'error', times: 2 },
          ],
        },
      ],
    },
    { attempt: 2, failureModes: [], cost: { usd: 0.5, basis: 'billed' }, judged: [{ verdict: 'pass', blocking: [] }] },
  ]);
  const told = triedLines(facts, SIZE.body, { costs: false }).join('\n');
  expect(told).toContain(
    [
      '  - Stopped: the same call 5 times \\[loop.repeat\\]',
      '  - The last calls before that:',
      '    - `Bash`: `command.push`',
      '    - `Bash npm test`: 2× in a row `error`',
    ].join('\n'),
  );
  expect(told).not.toContain('$');
  const [first = '', second = ''] = triedLines(facts, SIZE.file, { costs: true });
  expect(first.split('\n')[0]).toMatch(
    /^- Attempt 1 ended as `verification`; calls denied: .*, about \$0\.25 \(estimated\)$/,
  );
  expect(second.split('\n')[0]).toMatch(/^- Attempt 2; calls denied: .*, \$0\.50 \(billed\)$/);
  expect(costLines(facts)).toEqual(['Cost of this round: about $0.75 (estimated).']);
  expect(facts.needsPerson).toEqual(['Somebody has to look at it.']);
  expect(facts.web).toBe('https://github.com/acme/orders');
  expect(facts.sourceDiff).toContain('+  return session?.tenantId ?? null;');
  expect(facts.sourceDiff).not.toContain('expired.test.js');
});

test('the commands of a proposal show the proof and take the fix back, after a merge and after a squash', async () => {
  const { bench, facts, fix, incident, root, tree, base } = await healed();
  const commit = await makeCommit(bench.repository, {
    incident,
    round: 1,
    base,
    tree,
    title: 'Answer null',
    error: facts.record.error,
    at: new Date(),
  });
  const words = { branch: fix.branch, title: 'Answer null', summary: 'It does.', lesson: undefined };
  const report = proposalReport({ ...facts, ...words, commit });
  expect(report).toContain(`[\`src/tenant.js:3\`](https://github.com/acme/orders/blob/${base}/src/tenant.js#L3)`);

  const seen = commandsAfter(report, 'See it yourself').map((line) => ({ line, ...typed(root, line) }));
  for (const { line, exit, output } of seen) expect(exit === 0, `${line}\n${output}`).toBe(!line.includes('# red'));
  expect(run(root, 'status', '--porcelain')).toBe('');

  const [merged = '', , squashed = ''] = commandsAfter(report, '**Revert:**');
  const tip = run(root, 'rev-parse', 'main^{tree}');
  run(root, 'merge', '--quiet', '--no-ff', '-m', 'Merge it', commit);
  expect(typed(root, merged)).toMatchObject({ exit: 0 });
  expect(run(root, 'rev-parse', 'main^{tree}')).toBe(tip);
  run(root, 'reset', '--quiet', '--hard', base);
  run(root, 'merge', '--quiet', '--squash', commit);
  run(root, 'commit', '--quiet', '-m', run(root, 'log', '-1', '--format=%B', commit));
  expect(typed(root, squashed)).toMatchObject({ exit: 0 });
  expect(run(root, 'rev-parse', 'main^{tree}')).toBe(tip);
});

test('the commands of a hand-over give a person the best patch on its base', async () => {
  const { bench, facts, fix, incident, root, tree, base } = await healed();
  const patch = await patchOf(bench.repository, base, tree, fix.law.config.tests.paths);
  const handedOver = {
    ...facts,
    by: 'heal',
    failureMode: 'verification',
    reason: 'The fix does not pass.',
    needs: 'A decision.',
    attempts: 2,
    patch: patch.text,
    saved: undefined,
    draft: undefined,
  };
  const [, change = '', apply = ''] = commandsAfter(escalationReport(handedOver), '## Decide');
  run(root, 'remote', 'remove', 'origin');
  for (const line of [change, apply]) expect(typed(root, line)).toMatchObject({ exit: 0 });
  expect(run(root, 'symbolic-ref', '--short', 'HEAD')).toBe(`fix/${incident}`);
  run(root, 'add', '--all');
  expect(run(root, 'write-tree')).toBe(tree);
  expect(execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()).toBe(base);
});
