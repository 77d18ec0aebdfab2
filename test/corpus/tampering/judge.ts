/**
 * Judges cases by the gate's own first check, on real trees: all cases are committed side by side in one repository, so
 * that the two trees of a case are two folders of it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRepository } from '../../../context/repository.ts';
import { defaultConfig } from '../../../context/schemas/config.ts';
import { classifier } from '../../../gate/change-kind.ts';
import { changedLines, changesBetween } from '../../../gate/changes.ts';
import { checkGuardrails } from '../../../gate/guardrails.ts';
import type { Check } from '../../../gate/verification.ts';
import { openWorkspace, type Workspace } from '../../../gate/workspace.ts';
import { write } from '../../write.ts';
import type { LabelledCase } from './case.ts';

export interface Judged {
  case: LabelledCase;
  check: Check;
}

export async function judgeCases(cases: readonly LabelledCase[]): Promise<Judged[]> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'self-healing-tampering-')));
  try {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      }).trim();
    git('init', '--quiet', '-b', 'main');
    for (const one of cases)
      for (const side of ['before', 'after'] as const) {
        // A tree needs a file.
        write(join(root, one.name, side), { 'README.txt': one.name, ...one[side] });
      }
    git('add', '--all', '--force');
    git('commit', '--quiet', '-m', 'cases');
    const trees = new Map(
      git('ls-tree', '-r', '-d', 'HEAD')
        .split('\n')
        .map((line) => {
          const [meta = '', path = ''] = line.split('\t');
          return [path, meta.split(' ')[2] ?? ''] as const;
        }),
    );
    const workspace = await openWorkspace(await openRepository(root));
    const judged: Judged[] = [];
    // Git is waited for most of the time: a few side by side.
    for (let at = 0; at < cases.length; at += 4)
      judged.push(
        ...(await Promise.all(
          cases.slice(at, at + 4).map(async (one) => {
            const base = trees.get(`${one.name}/before`) ?? '';
            const fix = trees.get(`${one.name}/after`) ?? '';
            return { case: one, check: await judgeTrees(workspace, one, base, fix) };
          }),
        )),
      );
    return judged;
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function judgeTrees(workspace: Workspace, one: LabelledCase, base: string, fix: string): Promise<Check> {
  const config = defaultConfig();
  const changes = await changesBetween(workspace, base, fix, classifier(config.tests.paths));
  const { check } = await checkGuardrails({
    workspace,
    folder: '',
    base,
    fix,
    changes,
    lines: await changedLines(workspace, base, fix, changes),
    config,
    // What a case is about stands in its diff; limits of size and scope are not.
    mode: 'change',
    diagnosis: {
      failure_type: one.failure_type,
      affected_files: changes.filter(({ kind }) => kind === 'source').map(({ path }) => path),
      confidence: 0.9,
    },
    others: [],
  });
  return check;
}
