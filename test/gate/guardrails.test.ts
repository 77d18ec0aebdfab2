import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defaultConfig } from '../../context/schemas/config.ts';
import { classifier } from '../../gate/change-kind.ts';
import { changedLines, changesBetween } from '../../gate/changes.ts';
import type { Diagnosis } from '../../gate/guardrails/limits.ts';
import { checkGuardrails } from '../../gate/guardrails.ts';
import { snapshot, treeOf } from '../../gate/tree.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { run, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

const FILES = {
  '.gitignore': '.claude\n',
  'src/a.js': 'export const a = 1;\n',
  'src/auth/login.js': 'x\n',
  'test/a.test.js': "it('a', () => {\n  expect(a).toBe(1);\n});",
  'test/__snapshots__/a.test.js.snap': 'exports[`a 1`] = `1`;\n',
  'package.json': '{"name":"x","scripts":{"test":"vitest"},"dependencies":{"d":"1"}}\n',
  'package-lock.json': '{}\n',
  'pyproject.toml': '[project]\nname = "x"\ndependencies = ["d"]\n\n[tool.pytest.ini_options]\naddopts = ""\n',
};
const DIAGNOSIS: Diagnosis = { failure_type: 'runtime_error', affected_files: ['src/a.js'], confidence: 0.9 };

async function judge(
  change: (root: string) => void,
  options: { diagnosis?: Diagnosis | undefined; mode?: 'fix' | 'change'; edits?: 'ask' | 'refuse' } = {},
) {
  const { root, repository, base: commit } = await sampleRepository(FILES);
  const workspace = await openWorkspace(repository);
  const config = defaultConfig();
  config.tests.edits = options.edits ?? 'refuse';
  const worktree = join(root, '..', 'w');
  run(root, 'worktree', 'add', '--quiet', '--detach', worktree, 'HEAD');
  change(worktree);
  const base = await treeOf(workspace, commit);
  const fix = await snapshot({ workspace, folder: worktree, base, linked: config.worktree.link });
  const changes = await changesBetween(workspace, base, fix, classifier(config.tests.paths));
  const { check, needsPerson } = await checkGuardrails({
    workspace,
    folder: worktree,
    base,
    fix,
    changes,
    lines: await changedLines(workspace, base, fix, changes),
    config,
    mode: options.mode ?? 'fix',
    diagnosis: 'diagnosis' in options ? options.diagnosis : DIAGNOSIS,
    others: [],
  });
  return {
    status: check.status,
    codes: check.findings.map(({ code, file }) => (file ? `${code} ${file}` : code)),
    check,
    needsPerson,
  };
}

it('passes a small fix with a new case at the end of an existing test file and a new test file', async () => {
  const result = await judge((root) =>
    write(root, {
      'src/a.js': 'export const a = 2;\n',
      'test/a.test.js': `${FILES['test/a.test.js']}\nit('b', () => {\n  expect(a).toBe(2);\n});\n`,
      'test/b.test.js': "it('c', () => {});\n",
    }),
  );
  expect(result.codes).toEqual([]);
  expect(result.status).toBe('pass');
});

it('lets a person decide about a fix that catches an error and ignores it', async () => {
  const { check, codes, needsPerson } = await judge((root) =>
    write(root, { 'src/a.js': 'export let a = 1;\ntry {\n  a = read();\n} catch {}\n' }),
  );
  expect(check.status).toBe('warn');
  expect(codes).toEqual(['guardrails.swallowed_error src/a.js']);
  expect(needsPerson[0]).toContain('Line 4 of src/a.js');
});

it('lets a person decide about a fix that compares with the input of its own test, which the base knows from prose alone', async () => {
  const { codes, needsPerson } = await judge((root) =>
    write(root, {
      'src/a.js': "export const a = (x) => (x === 'screw' || x === 'known' ? 2 : 1);\n",
      'test/b.test.js': "it('c', () => {\n  a('screw');\n  a('known');\n});\n",
    }),
  );
  expect(codes).toEqual(['guardrails.test_value src/a.js']);
  expect(needsPerson.join()).toContain('"screw"');
});

it('refuses forbidden paths in any letter case, and says which line lifts them', async () => {
  const { check, codes } = await judge((root) =>
    write(root, { 'src/Auth/x.js': 'x\n', 'sub/.NPMRC': 'x\n', '.claude/settings.local.json': '{}' }),
  );
  expect(check.status).toBe('refuse');
  expect(codes).toEqual(
    expect.arrayContaining([
      'guardrails.forbidden_path src/Auth/x.js',
      'guardrails.forbidden_path sub/.NPMRC',
      'guardrails.forbidden_path .claude/settings.local.json',
    ]),
  );
  const forbidden = check.findings.filter(({ code }) => code === 'guardrails.forbidden_path');
  const lifts = Object.fromEntries(forbidden.map(({ file, lift }) => [file, lift]));
  expect(lifts['src/Auth/x.js']).toBe(
    'guardrails: { forbidden_paths: ["**/migrations/**", "**/.env", "**/.env.*", "**/secrets/**", "**/payment/**", .github/**] }  # in .self-healing/config.yaml',
  );
  expect(lifts['sub/.NPMRC']).toBeUndefined();
  expect(check.findings.find(({ file }) => file === 'sub/.NPMRC')?.next).toContain('No setting lifts this');
});

it('refuses links, submodules and modes', async () => {
  const { codes, status } = await judge((root) => {
    symlinkSync('/etc/passwd', join(root, 'src/link.js'));
    chmodSync(join(root, 'src/a.js'), 0o755);
    mkdirSync(join(root, 'src/inner'));
    write(root, { 'src/inner/x.js': 'x' });
    run(join(root, 'src/inner'), 'init', '--quiet');
    run(join(root, 'src/inner'), 'commit', '--quiet', '--allow-empty', '-m', 'x');
  });
  expect(status).toBe('refuse');
  expect(codes).toEqual(
    expect.arrayContaining([
      'guardrails.symlink src/link.js',
      'guardrails.mode_change src/a.js',
      'guardrails.submodule src/inner',
    ]),
  );
});

it('fails what is too large, outside the diagnosis, or carries a secret', async () => {
  const { codes, status } = await judge((root) => {
    for (const name of ['b', 'c', 'd']) write(root, { [`src/${name}.js`]: 'x\n' });
    write(root, { 'src/a.js': `${'line\n'.repeat(60)}const key = "AKIA2OGYBAH6QLMNPQRS";\n` });
  });
  expect(status).toBe('fail');
  expect(codes).toEqual([
    'guardrails.secret src/a.js',
    'guardrails.outside_scope src/b.js',
    'guardrails.outside_scope src/c.js',
    'guardrails.outside_scope src/d.js',
    'guardrails.too_many_files',
    'guardrails.too_many_lines',
  ]);
});

it('needs a diagnosis, and one that is sure enough', async () => {
  const change = (root: string) => write(root, { 'src/a.js': 'x\n' });
  expect(await judge(change, { diagnosis: undefined })).toMatchObject({
    status: 'fail',
    codes: ['guardrails.no_diagnosis'],
  });
  expect(await judge(change, { diagnosis: { ...DIAGNOSIS, confidence: 0.5 } })).toMatchObject({
    status: 'refuse',
    codes: ['guardrails.low_confidence'],
  });
  expect(await judge(change, { mode: 'change', diagnosis: undefined })).toMatchObject({ status: 'pass' });
});

it('refuses tampering with tests, or asks a person where the config says so', async () => {
  const change = (root: string) => {
    write(root, {
      'test/a.test.js': "it('a', () => {\n  expect(a).toBeDefined();\n});",
      'test/__snapshots__/a.test.js.snap': 'exports[`a 1`] = `2`;\n',
      'tests/conftest.py': 'x = 1\n',
      'vitest.config.ts': 'x\n',
      'src/__mocks__/fs.js': 'x\n',
      'package.json': '{"name":"x","scripts":{"test":"vitest -t a"},"dependencies":{"d":"2"},"jest":{}}\n',
      'package-lock.json': '{"a":1}\n',
      'pyproject.toml': FILES['pyproject.toml'].replace('""', '"-k a"').replace('"d"', '"d", "e"'),
    });
  };
  const options = {
    diagnosis: { ...DIAGNOSIS, affected_files: ['package.json', 'package-lock.json', 'pyproject.toml'] },
  };
  const expected = [
    'tampering.dependencies package-lock.json',
    'tampering.package_scripts package.json',
    'tampering.dependencies package.json',
    'tampering.package_json package.json',
    'tampering.dependencies pyproject.toml',
    'tampering.tool_configuration pyproject.toml',
    'tampering.test_configuration src/__mocks__/fs.js',
    'tampering.snapshot_rewritten test/__snapshots__/a.test.js.snap',
    'tampering.test_changed test/a.test.js',
    'tampering.test_configuration tests/conftest.py',
    'tampering.test_configuration vitest.config.ts',
  ];
  expect(await judge(change, options)).toMatchObject({ status: 'refuse', codes: expected, needsPerson: [] });
  const asked = await judge(change, { ...options, edits: 'ask' });
  expect(asked).toMatchObject({ status: 'warn', codes: expected });
  expect(asked.needsPerson).toHaveLength(expected.length);
});

it('refuses deleted tests, and opens dependencies for a dependency issue only', async () => {
  const deleted = await judge((root) => rmSync(join(root, 'test/a.test.js')));
  expect(deleted).toMatchObject({ status: 'refuse', codes: ['tampering.test_deleted test/a.test.js'] });
  const update = await judge(
    (root) =>
      write(root, {
        'package.json': FILES['package.json'].replace('"d":"1"', '"d":"2"'),
        'package-lock.json': `{"packages":{${'\n'.repeat(500)}}}\n`,
      }),
    { diagnosis: { failure_type: 'dependency_issue', affected_files: ['package.json'], confidence: 0.9 } },
  );
  expect(update).toMatchObject({ status: 'pass', codes: [] });
});
