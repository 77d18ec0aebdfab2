import { expect, it } from 'vitest';
import { buildGraph } from '../../../context/impact/graph.ts';
import { chooseTests } from '../../../context/init/choose-tests.ts';
import { defaultConfig } from '../../../context/schemas/config.ts';

const choose = (files: Record<string, string>, tests: string[]) =>
  chooseTests(
    tests,
    buildGraph({ files: Object.keys(files), read: (path) => files[path] }),
    defaultConfig().tests.paths,
  );

it('takes the tests of what most others depend on first, and none that reaches nothing new', () => {
  const chosen = choose(
    {
      'src/money.ts': '',
      'src/cart.ts': "import './money.ts'",
      'src/routes.ts': "import './cart.ts'",
      'test/fixture.ts': "import '../src/money.ts'",
      'test/routes.test.ts': "import '../src/routes.ts'",
      'test/money.test.ts': "import './fixture.ts'",
      'test/money-again.test.ts': "import '../src/money.ts'",
      'test/over-http.test.ts': '',
    },
    ['test/money-again.test.ts', 'test/money.test.ts', 'test/over-http.test.ts', 'test/routes.test.ts'],
  );
  expect(chosen).toEqual([
    { file: 'test/money-again.test.ts', module: 'money-again', files: ['src/money.ts'] },
    { file: 'test/routes.test.ts', module: 'routes', files: ['src/cart.ts', 'src/money.ts', 'src/routes.ts'] },
  ]);
});

it('names modules apart, never more than twelve, and many files by their folders', () => {
  const files: Record<string, string> = {};
  for (let at = 0; at < 20; at++) {
    files[`packages/p${at}/src/a.ts`] = '';
    files[`packages/p${at}/test/a.test.ts`] = "import '../src/a.ts'";
  }
  files['e2e/all.test.ts'] = Array.from({ length: 20 }, (_, at) => `import '../packages/p${at}/src/a.ts'`).join('\n');
  const tests = Object.keys(files).filter((path) => path.includes('.test.'));
  const chosen = choose(files, tests);
  expect(chosen[0]).toMatchObject({ file: 'e2e/all.test.ts', module: 'all' });
  expect(chosen[0]?.files).toContain('packages/p0/src/**');
  const apart = choose(files, tests.slice(0, 15));
  expect(apart).toHaveLength(12);
  expect(apart.slice(0, 3).map(({ module }) => module)).toEqual(['a', 'p1-a', 'p2-a']);
});
