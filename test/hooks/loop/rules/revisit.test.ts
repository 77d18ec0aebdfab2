import { expect, it } from 'vitest';
import { bash, edit, flagsOf, tests, told } from '../run.ts';

const to = (from: string, next: string, tree: string | null = null) =>
  edit('/app/a.ts', `return ${from}`, `return ${next}`, tree);
const red = (name = 'adds') => tests([name]);

it('flags A-B-A-B, by the edits alone and by the trees alone', () => {
  const byEdits = [red(), to('a', 'b'), red('b'), to('b', 'a'), red(), to('a', 'b'), red('b')];
  expect(told(byEdits)).toEqual(['loop.revisit:1 at 7']);
  const at = (tree: string) => tests([tree], 'no', tree);
  expect(told([at('t1'), at('t2'), at('t1'), at('t2')])).toEqual(['loop.revisit:1 at 4']);
});

it('flags the way round over a third state, unless it leads to the beginning', () => {
  const round = [red('a'), to('a', 'b'), red('b'), to('b', 'c'), red('c'), to('c', 'd'), red('d')];
  expect(told([...round, to('d', 'b'), red('b')])).toEqual(['loop.revisit:1 at 9']);
  expect(told([...round, to('d', 'a'), red('a')])).toEqual([]);
  const again = [to('a', 'e'), red('e'), to('e', 'f'), red('f'), to('f', 'a'), red('a')];
  expect(told([...round, to('d', 'a'), red('a'), ...again])).toEqual(['loop.revisit:1 at 15']);
});

it('lets one experiment be taken back', () => {
  expect(told([red(), to('a', 'b'), red('b'), to('b', 'a'), red(), to('a', 'c'), red('c')])).toEqual([]);
});

it('lets a fix be taken back to see its test red, and be made again', () => {
  expect(told([red(), to('a', 'b'), tests([]), to('b', 'a'), red(), to('a', 'b'), tests([])])).toEqual([]);
});

it('knows what git takes back', () => {
  for (const back of ['git checkout -- a.ts', 'git restore a.ts', 'git reset --hard']) {
    const run = [red(), to('a', 'b'), red('b'), bash(back), red(), to('a', 'b'), red('b')];
    expect(told(run)).toEqual(['loop.revisit:1 at 7']);
  }
  const stash = [red(), to('a', 'b'), red('b'), bash('git stash'), red(), bash('git stash pop'), red('b')];
  expect(told(stash)).toEqual(['loop.revisit:1 at 7']);
});

it('takes a command of unknown effect for a new state', () => {
  expect(
    told([red(), to('a', 'b'), red('b'), to('b', 'a'), red(), bash('./fetch.sh > a.ts'), to('a', 'b'), red('b')]),
  ).toEqual([]);
});

it('names the checks and what was tried, and says what to do instead', () => {
  const [flag] = flagsOf([red(), to('a', 'b'), red('b'), to('b', 'a'), red(), to('a', 'b'), red('b')]);
  expect(flag?.evidence).toBe(
    'back at a state of the files seen before with the same failing checks (1), 1 other state in between',
  );
  expect(flag?.advice).toContain('test/a.test.ts > b');
  expect(flag?.advice).toContain('Edit a.ts');
});
