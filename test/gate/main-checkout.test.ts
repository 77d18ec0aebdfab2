import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compareDigests, digestMainCheckout } from '../../gate/main-checkout.ts';
import { openState } from '../../store/state-db.ts';
import { commit, run, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

async function prepared() {
  const sample = await sampleRepository({
    'a.js': 'a\n',
    '.gitignore': 'node_modules\n',
    '.self-healing/config.yaml': 'version: "1.0"\n',
  });
  write(sample.root, {
    'node_modules/dep/index.js': 'd',
    'node_modules/dep/lib/x.js': 'x',
    'node_modules/py/__pycache__/a.pyc': 'a',
    'dirty.js': '1',
  });
  const digest = () => digestMainCheckout(sample.repository, { links: ['node_modules'] });
  const before = await digest();
  const codes = async () =>
    compareDigests(before, await digest()).map(({ severity, code, file }) =>
      [severity, code.slice(16), file].filter(Boolean).join(' '),
    );
  return { ...sample, codes };
}

it('is silent about what the product and other worktrees do', async () => {
  const { root, codes } = await prepared();
  run(root, 'worktree', 'add', '--quiet', '-b', 'hotfix/auto-1a2b', join(root, '..', 'w'), 'HEAD');
  commit(join(root, '..', 'w'), { 'a.js': 'b\n' });
  run(root, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  write(root, {
    '.self-healing/state.db': 'x',
    '.self-healing/state.db-wal': 'x',
    '.self-healing/.gitignore': 'state.db*\n',
    '.self-healing/reports/INC-1.md': 'x',
    'node_modules/.cache/x': 'x',
    'node_modules/py/__pycache__/imported.pyc': 'x',
  });
  run(root, 'status');
  expect(await codes()).toEqual([]);
});

it('asks when a person may have worked there', async () => {
  const { root, codes, base } = await prepared();
  writeFileSync(join(root, 'dirty.js'), '2');
  expect(await codes()).toEqual(['ask status dirty.js']);
  run(root, 'branch', 'mine', base);
  run(root, 'update-index', '--assume-unchanged', 'a.js');
  writeFileSync(join(root, 'a.js'), 'hidden\n');
  expect(run(root, 'status', '--porcelain')).not.toContain('a.js');
  expect(await codes()).toEqual(['ask index', 'ask status a.js', 'ask status dirty.js', 'ask refs']);
  run(root, 'update-index', '--no-assume-unchanged', 'a.js');
  run(root, 'stash', '--quiet');
  commit(root, { 'b.js': 'b' });
  expect(await codes()).toEqual(['ask head', 'ask index', 'ask status dirty.js', 'ask refs', 'ask refs', 'ask stash']);
});

it('refuses when git, the dependencies or the law were touched', async () => {
  const { root, codes } = await prepared();
  run(root, 'config', 'core.hooksPath', '/elsewhere');
  write(root, {
    '.git/hooks/pre-push': '#!/bin/sh\n',
    '.git/info/exclude': 'helper.js\n',
    '.git/info/attributes': '* -diff\n',
  });
  chmodSync(join(root, '.git/hooks/pre-push'), 0o755);
  writeFileSync(join(root, 'node_modules/dep/lib/x.js'), 'y');
  utimesSync(join(root, 'node_modules/dep/lib/x.js'), new Date(), new Date(2020, 1, 1));
  mkdirSync(join(root, 'node_modules/evil'));
  writeFileSync(join(root, 'node_modules/py/__pycache__/a.pyc'), 'poisoned');
  writeFileSync(join(root, '.self-healing/config.yaml'), 'version: "1.0"\nguardrails: { max_files_changed: 99 }\n');
  expect(await codes()).toEqual([
    'ask status .self-healing/config.yaml',
    'refuse config',
    'refuse hooks',
    'refuse info',
    'refuse info',
    'refuse links node_modules/dep',
    'refuse links node_modules/evil',
    'refuse links node_modules/py/__pycache__/a.pyc',
    'refuse law .self-healing/config.yaml',
  ]);
});

it('leaves the locks of our own state database alone', async () => {
  const { root, codes } = await prepared();
  const database = openState(root);
  const sqlite = createRequire(import.meta.url).resolve('better-sqlite3');
  const writeElsewhere = `try { require(process.argv[1])(process.argv[2], { timeout: 0 }).exec('BEGIN IMMEDIATE; COMMIT'); console.log('got it') } catch (e) { console.log(e.code) }`;
  const elsewhere = () =>
    execFileSync(process.execPath, ['-e', writeElsewhere, sqlite, join(root, '.self-healing', 'state.db')], {
      encoding: 'utf8',
    }).trim();
  try {
    database.exec('BEGIN IMMEDIATE');
    expect(elsewhere()).toBe('SQLITE_BUSY');
    await codes();
    expect(elsewhere()).toBe('SQLITE_BUSY');
    database.exec('COMMIT');
  } finally {
    database.close();
  }
});
