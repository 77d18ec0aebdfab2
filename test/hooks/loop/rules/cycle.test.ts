import { expect, it } from 'vitest';
import { bash, edit, failed, read, tests, times, told } from '../run.ts';

const status = bash('git status --short', ' M a.ts');
const source = read('/app/a.ts', 'export const a = 1;');
const search = bash('rg -n a src', 'src/a.ts:1: a');
const round = [source, search, status];

it('warns after 3 full rounds of the same calls and results, and stops after 5', () => {
  expect(told(times(18, (n) => round[n % 3] ?? status))).toEqual(['loop.cycle:1 at 9', 'loop.cycle:2 at 15']);
});

it('finds cycles of 2 to 5 calls, whatever stood before them', () => {
  for (const length of [2, 3, 4, 5]) {
    const calls = times(length, (n) => read(`/app/${'abcde'[n - 1]}.ts`, 'export {};'));
    const run = [bash('ls', 'src'), ...times(3, () => calls).flat()];
    expect(told(run)).toEqual([`loop.cycle:1 at ${1 + 3 * length}`]);
  }
});

it('counts commands of unknown effect whose results stay the same', () => {
  const start = failed('node server.js', 'Error: listen EADDRINUSE: the port is taken');
  expect(told(times(6, (n) => (n % 2 ? start : bash('curl -s 127.0.0.1:3000', 'no answer'))))).toEqual([
    'loop.cycle:1 at 6',
  ]);
});

it('lets two or three files be read once more', () => {
  expect(told([...round, ...round])).toEqual([]);
});

it('lets files change and results move', () => {
  expect(told(times(4, (n) => [edit('/app/a.ts', `v${n}`, `v${n + 1}`), source, status]).flat())).toEqual([]);
  const waiting = times(5, (n) => [bash('tail -n 1 log', `row ${n * 40} of 900`), bash('ps', 'import.py')]).flat();
  expect(told(waiting)).toEqual([]);
});

it('lets the work go in the rhythm of edit and test', () => {
  const run = times(6, (n) => [edit('/app/a.ts', `v${n}`, `v${n + 1}`), tests([`case ${n}`]), status]).flat();
  expect(told(run)).toEqual([]);
});
