import { expect, it } from 'vitest';
import { pastFixes } from '../../../context/learn/past-fixes.ts';
import { commit, run, sampleRepository } from '../../healer/sample-repository.ts';

it('takes commits that say they fix something and change a test and a source that are still there', async () => {
  const { root } = await sampleRepository({ 'src/a.js': '', 'src/b.js': '', 'test/a.test.js': '' });
  const change = (files: Record<string, string>, subject: string) => commit(root, files, subject).slice(0, 7);
  const fix = change({ 'src/a.js': '1', 'test/a.test.js': '1' }, 'fix(cart): crash\ton an empty cart\n\nlong story');
  change({ 'src/a.js': '2', 'test/a.test.js': '2' }, 'Add carts');
  change({ 'src/a.js': '2b', 'test/a.test.js': '2b' }, 'Show people what a fix changes');
  change({ 'src/a.js': '3' }, 'Fix the total');
  change({ 'test/a.test.js': '4' }, 'Fix the test');
  change({ 'src/a.js': '5', 'test/a.test.js': '5' }, 'Fix lint');
  change({ 'src/b.js': '6', 'test/gone.test.js': '6' }, 'Repair b');
  run(root, 'rm', '-q', 'test/gone.test.js');
  commit(root, {}, 'Drop a test');
  const there = new Set(['src/a.js', 'src/b.js', 'test/a.test.js']);
  const found = await pastFixes(
    root,
    (path) => path.startsWith('test/'),
    (path) => there.has(path),
  );
  expect(found.map(({ commit: id, ...rest }) => ({ ...rest, commit: id.slice(0, 7) }))).toEqual([
    {
      commit: fix,
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      subject: 'fix(cart): crash on an empty cart',
      tests: ['test/a.test.js'],
      sources: ['src/a.js'],
    },
  ]);
});

it.each([
  ['Fix rounding', true],
  ['fix: rounding', true],
  ['[cart] fixes rounding', true],
  ['Round cents (fixes #12)', true],
  ['Round cents: regression of the last release', true],
  ['Prefix routes', false],
  ['Name the commit of a fix', false],
  ['Fix typo in the docs', false],
])('%j: %s', async (subject, isFix) => {
  const { root } = await sampleRepository({ 'src/a.js': '', 'test/a.test.js': '' });
  commit(root, { 'src/a.js': '1', 'test/a.test.js': '1' }, subject);
  const found = await pastFixes(
    root,
    (path) => path.startsWith('test/'),
    () => true,
  );
  expect(found.length === 1).toBe(isFix);
});
