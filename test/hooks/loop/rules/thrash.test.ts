import { expect, it } from 'vitest';
import { bash, edit, flagsOf, settings, tests, told, write } from '../run.ts';

const change = (n: number) => edit('/app/src/a.ts', `v${n}`, `w${n}`);
const red = () => tests(['adds', 'sums']);

it('flags the third change that leaves checks and error as they were, and then three more', () => {
  const run = [1, 2, 3, 4, 5, 6].flatMap((n) => [change(n), red()]);
  expect(told([red(), ...run])).toEqual(['loop.thrash:1 at 7', 'loop.thrash:2 at 13']);
});

it('does not count the first report: it is what the changes are held against', () => {
  expect(told([write('/app/a.test.ts', 'it'), red(), change(1), red(), change(2), red()])).toEqual([]);
});

it('begins anew when another error or other checks come up', () => {
  expect(
    told([red(), change(1), red(), change(2), tests(['adds', 'sums'], 'another'), change(3), red(), change(4), red()]),
  ).toEqual([]);
  expect(told([red(), change(1), red(), change(2), tests(['sums']), change(3), red()])).toEqual([]);
});

it('does not count changes that came with more tests, nor further runs of the check', () => {
  const feature = (n: number) => [edit('/app/test/new.test.ts', `end ${n}`, `more\nend ${n + 1}`), change(n), red()];
  expect(told([red(), ...[1, 2, 3, 4, 5].flatMap(feature)])).toEqual([]);
  expect(told([red(), red(), change(1), red(), change(2), red(), red()])).toEqual([]);
});

it('counts changes by commands whose effect is unknown', () => {
  const install = (n: number) => bash(`npm install left@${n}.0.0`, `added 1 package`);
  expect(told([red(), ...[1, 2, 3].flatMap((n) => [install(n), red()])])).toEqual(['loop.thrash:1 at 7']);
});

it('has its threshold from the settings, and names what was tried', () => {
  const run = [red(), change(1), red(), bash('npm install left@2', 'added'), red()];
  const [flag] = flagsOf(run, { detection: { ...settings, thrash: 2 } });
  expect(flag?.at).toBe(5);
  expect(flag?.evidence).toBe('2 different changes left the failing checks (2) and their error as they were');
  expect(flag?.advice).toContain('Edit src/a.ts; Bash npm install left@2');
});
