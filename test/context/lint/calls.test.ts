import { expect, it } from 'vitest';
import { lint } from '../../../context/lint.ts';
import { repositoryWith } from '../temporary.ts';

it('names an export that is not there, and a module that is none', async () => {
  const call = (id: string, module: string, name: string) =>
    `  - {id: ${id}, name: ${id}, call: {module: ${module}, export: ${name}}, expected: 1}\n`;
  const { folder } = repositoryWith({
    'a.ts': "export { lock as lockAfter } from './b.js';\nexport * from './c.ts';\nexport default () => 1;\n",
    'b.ts': 'export function lock() {}\n',
    'c.ts': 'export const open = 1;\n',
    'd.cjs': 'exports.f = () => 1;\n',
    'e.js': "module.exports = require('./whatever');\n",
    'f.ts': "export * from 'a-package';\n",
    'g.py': '',
    '.self-healing/scenarios/a.yaml': [
      'scenarios:\n',
      call('S1', 'a.ts', 'lockAfter') + call('S2', 'a.ts', 'open') + call('S3', 'a.ts', 'default'),
      call('S4', 'd.cjs', 'f') + call('S5', 'e.js', 'anything') + call('S6', 'f.ts', 'anything'),
      call('S7', 'a.ts', 'lock') + call('S8', 'd.cjs', 'g') + call('S9', 'g.py', 'f'),
    ].join(''),
  });
  expect(
    (await lint(folder)).map(({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`),
  ).toEqual([
    '8:53 no_export: Scenario S7 cannot run: a.ts has no export "lock"; it exports open, lockAfter, default.',
    '9:54 no_export: Scenario S8 cannot run: d.cjs has no export "g"; it exports f, default.',
    '10:39 not_callable: Scenario S9 cannot run: g.py is no module of JavaScript or TypeScript.',
  ]);
});
