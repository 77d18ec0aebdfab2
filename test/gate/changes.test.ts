import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { classifier } from '../../gate/change-kind.ts';
import { changedLines, changesBetween, diffText } from '../../gate/changes.ts';
import { composeTrees } from '../../gate/compose.ts';
import { entriesOf, snapshot, treeOf } from '../../gate/tree.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { run, sampleRepository } from '../healer/sample-repository.ts';
import { write } from '../write.ts';

const classify = classifier(['**/*.test.*', '**/test/**']);

async function changed(files: Record<string, string>, change: (root: string) => void) {
  const { root, repository, base } = await sampleRepository(files);
  const workspace = await openWorkspace(repository);
  change(root);
  const b = await treeOf(workspace, base);
  const f = await snapshot({ workspace, folder: root, base, linked: [] });
  return { root, workspace, b, f, changes: await changesBetween(workspace, b, f, classify) };
}

it('tells status, modes, kinds and line counts of every changed path', async () => {
  const { changes } = await changed(
    { 'src/a.js': '1\n2\n3\n', 'src/gone.js': 'x\n', 'bin/run': 'x\n', 'src/link.js': 'x\n', 'jest.config.js': 'x\n' },
    (root) => {
      write(root, { 'src/a.js': '1\ntwo\nthree\n3\n', 'test/ünï "q"\nn.test.js': 'a\nb\n', 'src/b.bin': '\0\x01\n' });
      write(root, { '.self-healing/scenarios/a.yaml': 'x\n', 'jest.config.js': 'y\n' });
      rmSync(join(root, 'src/gone.js'));
      chmodSync(join(root, 'bin/run'), 0o755);
      rmSync(join(root, 'src/link.js'));
      symlinkSync('a.js', join(root, 'src/link.js'));
    },
  );
  const short = changes.map(({ path, status, kind, added, removed, binary, oldMode, newMode }) =>
    [path, status, kind, added, removed, binary, oldMode, newMode].join(' '),
  );
  expect(short).toEqual([
    '.self-healing/scenarios/a.yaml A context 1 0 false  100644',
    'bin/run M source 0 0 false 100644 100755',
    'jest.config.js M support 1 1 false 100644 100644',
    'src/a.js M source 2 1 false 100644 100644',
    'src/b.bin A source 0 0 true  100644',
    'src/gone.js D source 0 1 false 100644 ',
    'src/link.js T source 1 1 false 100644 120000',
    'test/ünï "q"\nn.test.js A test 2 0 false  100644',
  ]);
});

it('gives every added and removed line its number, also for lines that look like diff headers', async () => {
  const { changes, workspace, b, f } = await changed({ 'a.sql': 'x\n-- old\ny\n' }, (root) =>
    write(root, { 'a.sql': 'x\n++ new\n@@ -1 +1 @@\ny\n' }),
  );
  expect(await changedLines(workspace, b, f, changes)).toEqual({
    added: [
      { path: 'a.sql', line: 2, text: '++ new' },
      { path: 'a.sql', line: 3, text: '@@ -1 +1 @@' },
    ],
    removed: [{ path: 'a.sql', line: 2, text: '-- old' }],
  });
  expect(await diffText(workspace, b, f, { limit: 20 })).toContain('characters left out');
});

it('composes the base with only the tests, and with only the source', async () => {
  const { changes, workspace, b, f, root } = await changed(
    { 'src/a.js': 'old\n', 'test/old.js': 't\n', 'src/file': 'x\n' },
    (folder) => {
      rmSync(join(folder, 'src/file'));
      rmSync(join(folder, 'test/old.js'));
      write(folder, {
        'src/a.js': 'new\n',
        'src/file/inner.test.js': 't\n',
        '.self-healing/scenarios/a.yaml': 'x\n',
      });
    },
  );
  const trees = await composeTrees(workspace, b, f, changes);
  const paths = async (tree: string) => (await entriesOf(workspace, tree)).map((entry) => entry.path);
  expect(await paths(trees.baseTests)).toEqual(['src/a.js', 'src/file/inner.test.js']);
  expect(await paths(trees.baseSource)).toEqual(['src/a.js', 'test/old.js']);
  expect(run(root, 'cat-file', 'blob', `${trees.baseTests}:src/a.js`)).toBe('old');
  expect(run(root, 'cat-file', 'blob', `${trees.baseSource}:src/a.js`)).toBe('new');
  expect(trees.fix).toBe(f);
});
