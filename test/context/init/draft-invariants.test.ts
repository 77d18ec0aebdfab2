import { expect, it } from 'vitest';
import { draftInvariants } from '../../../context/init/draft-invariants.ts';
import { matches } from '../../../context/path-rules.ts';
import { defaultConfig } from '../../../context/schemas/config.ts';

const draft = (files: Record<string, string>) =>
  draftInvariants({ files: Object.keys(files).sort(), read: (path) => files[path] }, (path) =>
    matches(defaultConfig().tests.paths, path),
  );
const sources = (text: string) => Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`src/${name}.ts`, text]));

it('drafts what the files keep to, and nothing that one of them breaks', () => {
  const kept = draft({ ...sources('export {};'), 'tools.mjs': 'console.log(1)', 'test/a.test.ts': 'eval("1")' });
  expect(kept.map(({ rule, files }) => [rule, files])).toEqual([
    ['no text is run as code', ['src/**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}']],
    ['nothing is written to the console by hand', ['src/**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}']],
    ['no file takes itself out of the type check', ['src/**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}']],
  ]);
  const broken = draft({ ...sources(''), 'src/a.ts': 'console.log(1)', 'src/b.ts': '// @ts-ignore\nevaluate(1)' });
  expect(broken.map(({ rule }) => rule)).toEqual(['no text is run as code']);
  expect(draft({ 'src/a.ts': '' })).toEqual([]);
});

it('drafts migrations and licences, each with a check that holds', () => {
  const text = '# SPDX-License-Identifier: MIT\nx = 1\n';
  const found = draft({
    'app/a.py': text,
    'app/b.py': text,
    'app/c.py': text,
    'app/d.py': text,
    'app/migrations/0001_first.py': text,
  });
  expect(found[0]).toMatchObject({ severity: 'critical', check: { unchanged: { paths: ['app/migrations/**'] } } });
  expect(found[1]).toMatchObject({ files: ['app/**/*.py'], check: { pattern: { must: 'match' } } });
  const { regex } = (found[1]?.check.pattern ?? {}) as { regex: string };
  expect(new RegExp(regex, 'm').test(text)).toBe(true);
});
