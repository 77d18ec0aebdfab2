import { expect, it } from 'vitest';
import { defaultConfig } from '../../context/schemas/config.ts';
import { checkBlastRadius, findRadius } from '../../gate/blast-radius.ts';
import { classifier } from '../../gate/change-kind.ts';
import { changesBetween } from '../../gate/changes.ts';
import { composeTrees } from '../../gate/compose.ts';
import { treeOf } from '../../gate/tree.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { commit, sampleRepository } from '../healer/sample-repository.ts';

const FILES = {
  'src/core.js': 'export const a = 1;\n',
  'src/used.js': "import './core.js';\n",
  'src/page.js': "import './used.js';\n",
  'src/job.js': "import './core.js';\n",
  'src/apart.js': '\n',
  'test/page.test.js': "import '../src/page.js';\n",
};

async function judge(
  executed: { testFiles: string[]; scenarioFiles?: string[]; wholeSuite?: boolean },
  limit = 50,
  testsBlocked = false,
) {
  const { repository, root, base } = await sampleRepository(FILES);
  const workspace = await openWorkspace(repository);
  const config = defaultConfig();
  config.guardrails.max_blast_radius = limit;
  const b = await treeOf(workspace, base);
  const fix = await treeOf(
    workspace,
    commit(root, { 'src/core.js': 'export const a = 2;\n', 'test/own.test.js': "import '../src/job.js';\n" }),
  );
  const changes = await changesBetween(workspace, b, fix, classifier(config.tests.paths));
  const { baseSource } = await composeTrees(workspace, b, fix, changes);
  const radius = await findRadius({ workspace, baseSource, changes, edges: [], config });
  const { check } = checkBlastRadius({
    radius,
    config,
    executed: { called: [], scenarioFiles: [], wholeSuite: false, ...executed },
    testsBlocked,
  });
  return { ...check, affected: radius.affected, said: check.findings[0]?.message ?? '' };
}

it('names dependents that no executed test reaches, and blocks over the limit', async () => {
  const result = await judge({ testFiles: ['test/page.test.js'] });
  expect(result.affected).toEqual(['src/job.js', 'src/page.js', 'src/used.js']);
  expect(result).toMatchObject({ status: 'warn', findings: [{ code: 'blast_radius.unreached' }] });
  expect(result.said).toContain(
    '1 of 3 files that depend on the change are reached by no test or scenario that ran: src/job.js.',
  );
  expect(await judge({ testFiles: [] }, 2)).toMatchObject({
    status: 'fail',
    findings: [{ code: 'blast_radius.too_large' }],
  });
});

it('points to the scenarios when the tests did not run, over the limit too', async () => {
  const { status, findings, said } = await judge({ testFiles: [] }, 0, true);
  expect(status).toBe('warn');
  expect(findings).toHaveLength(1);
  expect(said).toBe(
    'How many of the 3 files that depend on the change are tested cannot be told, because the tests did not run.',
  );
});

it('counts the files of executed scenarios, and never the tests that the fix brings', async () => {
  expect((await judge({ testFiles: ['test/page.test.js'], scenarioFiles: ['src/j*.js'] })).status).toBe('pass');
  expect((await judge({ testFiles: ['test/page.test.js', 'test/own.test.js'] })).said).toContain('src/job.js');
});

it('knows the files that a command names by a pattern', async () => {
  expect((await judge({ testFiles: ['test/*.js'], wholeSuite: true })).said).toContain(': src/job.js.');
  expect((await judge({ testFiles: ['spec/*.js'] })).said).toContain('3 of 3 files');
});

it('takes all tests of the base as run when the whole suite ran and its runner names no files', async () => {
  expect((await judge({ testFiles: [], wholeSuite: true })).said).toContain(': src/job.js.');
});
