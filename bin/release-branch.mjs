#!/usr/bin/env node
/**
 * Puts the committed `plugin/` on the branch `release`, for clients and marketplaces that can name a repository and a
 * branch only. One commit per release, on top of the one before: nothing is rewritten, nothing is pushed. Prints the
 * command that does.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const BRANCH = 'refs/heads/release';

/** @param {string[]} args */
function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** @param {string} revision @returns {string | undefined} */
function resolve(revision) {
  try {
    return git('rev-parse', '--quiet', '--verify', revision);
  } catch {
    return undefined;
  }
}

/** @param {string} what @returns {never} */
function refuse(what) {
  console.error(what);
  process.exit(1);
}

if (git('status', '--porcelain', '--', 'plugin') !== '')
  refuse('plugin/ has changes that are not committed. Run `npm run build` and commit the result first.');
const tree = resolve('HEAD:plugin') ?? refuse('HEAD has no plugin/. Run `npm run build` and commit the result first.');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const local = resolve(BRANCH);
const released = local ?? resolve('refs/remotes/origin/release');

if (released !== undefined && resolve(`${released}^{tree}`) === tree) {
  console.log(`release already holds this plugin/ (${released.slice(0, 12)}).`);
} else {
  const message = `Release ${version}\n\nplugin/ of ${git('rev-parse', 'HEAD')}\n`;
  const parents = released === undefined ? [] : ['-p', released];
  const commit = git('commit-tree', tree, ...parents, '-m', message);
  // The old value is named: whoever moved the branch meanwhile is not overwritten.
  git('update-ref', '-m', `release ${version}`, BRANCH, commit, local ?? '');
  console.log(`release is ${commit.slice(0, 12)}: ${version}. Publish it with: git push origin release`);
}
