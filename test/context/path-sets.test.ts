import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matches } from '../../context/path-rules.ts';
import { GlobSet, PathSet } from '../../context/path-sets.ts';

const name = fc.constantFrom('src', 'a', 'b', '.c', 'a+b', '[id]', 'a.ts', 'b.test.ts', '(x)');
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const glob = fc.oneof(
  path,
  path.map((folder) => `${folder}/**`),
  path.map((folder) => `${folder}/`),
  path.map((folder) => `./${folder}/**`),
  path.map((folder) => `${folder}/*`),
  fc.constantFrom('**', '**/*.ts', '**/*.test.*', 'src/{a,b}/**', 'src/?', '*', 'src/**/a.ts', '!src/**', '/**', './a'),
);

it('answers as every glob would for every path', () => {
  fc.assert(
    fc.property(fc.array(path, { maxLength: 6 }), fc.array(glob, { maxLength: 6 }), (paths, globs) => {
      expect(new PathSet(paths).meets(globs)).toBe(paths.some((one) => matches(globs, one)));
      const set = new GlobSet(globs);
      for (const one of paths) expect([one, set.matches(one)]).toEqual([one, matches(globs, one)]);
    }),
    { numRuns: 500 },
  );
});
