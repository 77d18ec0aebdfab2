import { expect, it } from 'vitest';
import { bash, call, edit, tests, told, write } from '../run.ts';

const there = edit('/app/a.ts', 'x', 'y');
const back = edit('/app/a.ts', 'y', 'x');

it('flags an edit that is made again each time, not the undoing', () => {
  expect(told([there, back, there, back, there])).toEqual(['loop.undo:1 at 3', 'loop.undo:2 at 5']);
});

it('sees through other quoted surroundings, other edits in between, other tools', () => {
  const wide = edit('/app/a.ts', 'before\ny\nafter', 'before\nx\nafter');
  const other = edit('/app/b.ts', '1', '2');
  const both = call('MultiEdit', { file_path: '/app/a.ts', edits: [{ old_string: 'x', new_string: 'y' }] });
  expect(told([there, other, wide, both])).toEqual(['loop.undo:1 at 4']);
  expect(
    told([write('/app/a.ts', 'one'), write('/app/a.ts', 'two'), write('/app/a.ts', 'one'), write('/app/a.ts', 'two')]),
  ).toEqual(['loop.undo:1 at 4']);
  const sed = (from: string, to: string) => bash(`sed -i 's/${from}/${to}/' src/a.ts`);
  expect(told([sed('min', 'max'), sed('max', 'min'), sed('min', 'max')])).toEqual(['loop.undo:1 at 3']);
});

it('leaves it to the report where a check ran after the undoing', () => {
  const report = (name: string) => tests([name]);
  const run = [report('x'), there, report('y'), back, report('x'), there];
  expect(told(run)).toEqual([]);
  expect(told([...run, report('y')])).toEqual(['loop.revisit:1 at 7']);
});

it('lets an edit be taken back, a block be moved, the same edit be made in many files', () => {
  expect(told([there, back, edit('/app/a.ts', 'x', 'z')])).toEqual([]);
  const moved = [edit('/app/a.ts', 'log();\na', 'a'), edit('/app/a.ts', 'b', 'log();\nb')];
  expect(told([...moved, edit('/app/a.ts', 'c', 'log();\nc')])).toEqual([]);
  expect(told('abcdefgh'.split('').map((name) => edit(`/app/${name}.ts`, 'x', 'y')))).toEqual([]);
});

it('goes by git trees where the words of a command do not tell', () => {
  const patch = (way: string, tree: string) => bash(`git apply ${way} fix.patch`, '', { tree });
  const run = [patch('', 't2'), patch('-R', 't1'), patch('', 't2')];
  expect(told([bash('git status', 'clean', { tree: 't1' }), ...run])).toEqual(['loop.undo:1 at 4']);
});

it('lets two variants be compared by what is run on them', () => {
  const bench = (n: number) => bash('make bench', `${[1893, 1012, 1521, 1285][n % 4]} ops/s`);
  const run = [1, 2, 3, 4, 5, 6].flatMap((n) => [n % 2 ? there : back, bench(n)]);
  expect(told(run)).toEqual([]);
  const same = [1, 2, 3].flatMap((n) => [n % 2 ? there : back, bash('make bench', 'no answer')]);
  expect(told(same)).toEqual(['loop.undo:1 at 5']);
});
