import { describe, expect, it } from 'vitest';
import { movesOn, type Standing } from '../../../hooks/loop/progress.ts';
import type { Happening } from '../../../hooks/trace/happening.ts';
import { bash, edit, failed, tests, times, told } from './run.ts';

const change = (n: number, file = '/app/src/main.rs') => edit(file, `old ${n}`, `new ${n}`);
const cargo = (line: number) =>
  failed('cargo build', `error[E0308]: mismatched types\n --> src/main.rs:${line}:5\n\nerror: could not compile`);
const tried = (run: (n: number) => Happening[]) => told(times(6, run).flat());

describe('is no loop', () => {
  it('an error that is further on after each change', () => {
    expect(tried((n) => [cargo(n * 10), change(n)])).toEqual([]);
    const sql = (n: number) => failed('psql -f a.sql', `psql:a.sql:${n}: ERROR: type "number" does not exist`);
    expect(tried((n) => [sql(120 + n), change(n)])).toEqual([]);
  });

  it('fewer of them each time, whoever counts', () => {
    const audit = (n: number) => failed('./scripts/audit.sh | tail -1', `${60 - n} violations found`);
    expect(tried((n) => [audit(n), change(n)])).toEqual([]);
  });

  it('the same message about something else each time', () => {
    const names = ['zlib', 'openssl', 'curl', 'boost', 'fmt', 'icu'];
    const cmake = (n: number) =>
      failed(
        'cmake -B build',
        `CMake Error at CMakeLists.txt:12 (find_package):\n  Could not find a package configuration file provided by "${names[n - 1]}"\n-- Configuring incomplete, errors occurred!`,
      );
    expect(tried((n) => [cmake(n), bash(`apt-get install -y lib${n}-dev`, 'Setting up')])).toEqual([]);
  });

  it('the next commit of a rebase or a bisection', () => {
    const commits = ['1a2b3c4', '2b3c4d5', '3c4d5e6', '4d5e6f7', '5e6f7a8', '6f7a8b9'];
    const rebase = (n: number) =>
      failed(
        'git rebase --continue',
        `CONFLICT (content): Merge conflict in a.ts\ncould not apply ${commits[n - 1]}... x`,
      );
    expect(tried((n) => [rebase(n), change(n)])).toEqual([]);
    const bisect = (n: number) => bash('git bisect bad', `Bisecting: 9 revisions left\n[${commits[n - 1]}] x`);
    expect(tried((n) => [tests(['tz']), bisect(n)])).toEqual([]);
  });
});

describe('is a loop', () => {
  it('an error that only the edits above it move', () => {
    const longer = (n: number) => edit('/app/src/main.rs', `x${n}`, `x${n}\n// try\nlet y = ${n};`);
    expect(tried((n) => [cargo(40 + 2 * n), longer(n)])).toEqual(['loop.thrash:1 at 7']);
  });

  it('a line that wanders to and fro', () => {
    const lines = [30, 31, 30, 32, 31, 30];
    expect(tried((n) => [cargo(lines[n - 1] ?? 0), change(n)])).toEqual(['loop.thrash:1 at 7']);
  });

  it('a name that the agent itself brought in', () => {
    const guess = (n: number) => edit('/app/c.yml', 'key:', `${'abcdef'[n]}option: 1`);
    const refused = (n: number) => failed('mytool run', `Error: unknown option "${'abcdef'[n]}option" in c.yml`);
    expect(tried((n) => [guess(n - 1), refused(n - 1)])).toEqual(['loop.similar:1 at 8']);
  });

  it('the same commit again', () => {
    const rebase = failed(
      'git rebase --continue',
      'CONFLICT (content): Merge conflict in a.ts\ncould not apply 1a2b3c4... x',
    );
    expect(tried((n) => [rebase, change(n)])).toEqual(['loop.similar:1 at 7']);
  });
});

it('moves on in one direction only, and by more than the edits explain', () => {
  const at = (place: number, shift = 0): Standing => ({ places: [place], counts: [], subjects: [], shift });
  expect(movesOn([at(1), at(2), at(3)])).toBe(true);
  expect(movesOn([at(3), at(2), at(1)])).toBe(true);
  expect(movesOn([at(1), at(2), at(2)])).toBe(false);
  expect(movesOn([at(1), at(3), at(2)])).toBe(false);
  expect(movesOn([at(1), at(3, 2), at(5, 4)])).toBe(false);
  expect(movesOn([at(1)])).toBe(false);
});
