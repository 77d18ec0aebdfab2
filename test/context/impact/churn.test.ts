import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readChurn } from '../../../context/impact/churn.ts';

const root = mkdtempSync(join(tmpdir(), 'churn é-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const DAY = 86_400;
const START = 1_700_000_000;

function git(cwd: string, args: string[], at = START) {
  const date = `@${at} +0000`;
  return execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  });
}

describe('readChurn', () => {
  const folder = join(root, 'repository');
  const commit = (message: string, day: number, ...paths: string[]) => {
    for (const path of paths) writeFileSync(join(folder, path), `${message} ${day}`);
    git(folder, ['add', '-A']);
    git(folder, ['commit', '-qm', message], START + day * DAY);
  };

  it('knows nothing before the first commit, and outside of a repository', async () => {
    execFileSync('git', ['init', '-q', '-b', 'main', folder]);
    expect((await readChurn(['a.ts'], { cwd: folder }))('a.ts')).toBeUndefined();
    expect((await readChurn(['a.ts'], { cwd: root }))('a.ts')).toBeUndefined();
  });

  it('counts the commits of half a year before the newest one, and those that mend something', async () => {
    commit('Add a', 0, 'a.ts', 'größe *.ts');
    commit('Change it', 300, 'a.ts');
    commit('Fix the lookup', 310, 'a.ts', 'größe *.ts');
    commit('Revert "Change it"', 320, 'a.ts');
    commit('Prefix names', 330, 'a.ts');
    commit('Other', 340, 'b.ts');
    const churn = await readChurn(['a.ts', 'größe *.ts', 'never.ts'], { cwd: folder });
    expect(churn('a.ts')).toEqual({ commits: 4, fixes: 2, days: 180, shallow: false });
    expect(churn('größe *.ts')).toEqual({ commits: 1, fixes: 1, days: 180, shallow: false });
    expect(churn('never.ts')).toEqual({ commits: 0, fixes: 0, days: 180, shallow: false });
    expect(churn('b.ts')).toBeUndefined();
  });

  it('says when the clone is shallow', async () => {
    const clone = join(root, 'clone');
    git(root, ['clone', '-q', '--depth', '3', `file://${folder}`, clone]);
    const churn = (await readChurn(['a.ts'], { cwd: clone }))('a.ts');
    expect(churn).toMatchObject({ shallow: true });
    expect(churn?.commits).toBeLessThan(5);
  });
});
