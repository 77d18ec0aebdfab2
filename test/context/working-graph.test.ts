import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WorkingGraph } from '../../context/working-graph.ts';
import { write } from '../write.ts';
import { repositoryWith } from './temporary.ts';

it('sees files that come, go and change, and new edges, at the next question', async () => {
  const { folder } = repositoryWith({
    '.gitignore': 'ignored/\n',
    'src/a.ts': "import './b.ts';\n",
    'src/b.ts': '',
    'ignored/x.ts': "import '../src/b.ts';\n",
  });
  mkdirSync(join(folder, 'empty/deep'), { recursive: true });
  const graph = new WorkingGraph(folder);
  const edges: [] = [];
  const importers = async () => (await graph.graph(edges)).importersOf('src/b.ts');
  expect(await importers()).toEqual(['src/a.ts']);
  write(folder, { 'empty/deep/c.ts': "import '../../src/b.ts';\n" });
  expect(await importers()).toEqual(['empty/deep/c.ts', 'src/a.ts']);
  writeFileSync(join(folder, 'src/a.ts'), "import './c.ts';\n");
  expect(await importers()).toEqual(['empty/deep/c.ts']);
  writeFileSync(join(folder, '.gitignore'), 'nothing/\n');
  expect(await importers()).toEqual(['empty/deep/c.ts', 'ignored/x.ts']);
  rmSync(join(folder, 'empty'), { recursive: true });
  expect(await importers()).toEqual(['ignored/x.ts']);
  const written = [{ from: 'src/a.ts', to: 'src/b.ts', why: '' }];
  expect((await graph.graph(written)).importersOf('src/b.ts')).toEqual(['ignored/x.ts', 'src/a.ts']);
});
