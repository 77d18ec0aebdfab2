import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../context/schemas/config.ts';
import { type Checkout, openCheckout } from '../../../gate/checkout.ts';
import { treeOf } from '../../../gate/tree.ts';
import { openWorkspace } from '../../../gate/workspace.ts';
import { type Criterion, checkCriteria } from '../../../healer/recovery/criteria.ts';
import { sampleRepository } from '../sample-repository.ts';

const FILES = { 'src/a.js': 'export const a = 1;\n', 'docs/notes.md': 'the lesson\n' };
let checkout: Checkout;
let tree: string;

beforeAll(async () => {
  const { repository, base } = await sampleRepository(FILES);
  tree = await treeOf(await openWorkspace(repository), base);
  checkout = await openCheckout({ repository, config: defaultConfig().worktree, base });
});
afterAll(() => checkout.close());

async function check(criteria: Partial<Criterion>[], verdict: 'pass' | 'fail' = 'pass') {
  const results = await checkCriteria({
    criteria: criteria.map((criterion, index) => ({ id: `c${index}`, description: '', ...criterion })),
    verdict,
    tree,
    tests: defaultConfig().tests,
    checkout: async () => checkout,
  });
  return results.map(({ met }) => met);
}

describe('success criteria', () => {
  it('are checked one by one, each for itself', async () => {
    const results = await check([
      { gate: 'pass' },
      { file_exists: 'src/a.js' },
      { file_exists: 'src/b.js' },
      { file_contains: { path: 'docs/notes.md', text: 'lesson' } },
      { file_contains: { path: 'docs/notes.md', text: 'another' } },
      { file_contains: { path: 'docs/none.md', text: 'lesson' } },
      { command: 'test "$(cat docs/notes.md)" = "the lesson"' },
      { command: 'echo not today; exit 3' },
    ]);
    expect(results).toEqual([true, true, false, true, false, false, true, false]);
  });

  it('hold for the verdict of the gate only when it is pass', async () => {
    expect(await check([{ gate: 'pass' }], 'fail')).toEqual([false]);
  });

  it('look at the verified tree, not at what a command before them left', async () => {
    const results = await check([
      { command: 'echo x > src/b.js && rm src/a.js' },
      { file_exists: 'src/b.js' },
      { file_exists: 'src/a.js' },
    ]);
    expect(results).toEqual([true, false, true]);
  });

  it('say what was found instead', async () => {
    const [result] = await checkCriteria({
      criteria: [{ id: 'lint', description: 'no warnings', command: 'echo 3 warnings; exit 1' }],
      verdict: 'pass',
      tree,
      tests: defaultConfig().tests,
      checkout: async () => checkout,
    });
    expect(result).toEqual({
      id: 'lint',
      met: false,
      found: 'no warnings: `echo 3 warnings; exit 1` ended with exit code 1:\n3 warnings',
    });
  });
});
