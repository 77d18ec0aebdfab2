import { expect, it } from 'vitest';
import { findRelease } from '../../gate/release.ts';
import { commit, run, sampleRepository } from '../healer/sample-repository.ts';

it('finds a release by its tag or commit, as events write it, and nothing else', async () => {
  const { repository, root, base } = await sampleRepository({ 'a.js': '1\n' });
  run(root, 'tag', 'v1.4.0');
  run(root, 'tag', '-a', '-m', 'second', '2.0.0');
  run(root, 'tag', 'shop@3.0.0');
  run(root, 'branch', 'release-9');
  const next = commit(root, { 'a.js': '2\n' });
  const found = async (name: string | undefined) => (await findRelease(repository, name))?.commit;

  for (const name of ['v1.4.0', '1.4.0', 'shop@1.4.0', '@acme/shop@v1.4.0', 'shop@1.4.0+77', 'v2.0.0', 'shop@3.0.0'])
    expect([name, await found(name)]).toEqual([name, base]);
  expect(await found(next)).toBe(next);
  expect(await found(`shop@${next.slice(0, 12)}`)).toBe(next);
  const hostile = [
    '--help',
    'v1.4.0^',
    'HEAD',
    'main',
    'release-9',
    `${next}~1`,
    ':/x',
    'v1.4.0^{}',
    '../x',
    '',
    '@',
    'a b',
  ];
  for (const name of [...hostile, undefined, '9.9.9', 'deadbee'])
    expect([name, await found(name)]).toEqual([name, undefined]);
});
