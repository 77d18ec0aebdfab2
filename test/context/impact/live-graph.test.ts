import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { buildGraph } from '../../../context/impact/graph.ts';
import { LiveGraph } from '../../../context/impact/live-graph.ts';
import { folderSources } from '../../../context/impact/sources.ts';
import { edgesOf, sourcesOf } from './tree.ts';

/** What a file may hold, by the end of its name; every text means something in one of the others. */
const TEXTS: Record<string, string[]> = {
  'a.ts': [`import './b'; import type { C } from './c'`, `import '@/c'; import 'pkg'`, `vi.mock('./b')`, ''],
  'b.ts': [`export * from './c'`, `import data from './package.json'`, `import '#inner'`],
  'c.ts': [`import './a'`, `import type { A } from './a'`, `require('pkg/sub')`],
  'index.ts': ['', `import '../a'`],
  'package.json': ['{"name":"pkg"}', '{"name":"other","imports":{"#inner":"./c.ts"}}', 'broken', '{"main":"./b.ts"}'],
  'tsconfig.json': [
    '{"compilerOptions":{"paths":{"@/*":["./*"]}}}',
    '{"extends":"../tsconfig.json"}',
    '{"compilerOptions":{"paths":{"@/*":["./sub/*"]}}}',
  ],
  'm.py': ['import n', 'from . import n', 'from sub.n import x', 'if TYPE_CHECKING:\n  import n\n'],
  'n.py': ['import m', 'from sub import m', ''],
  '__init__.py': ['from .m import *', ''],
  'go.mod': ['module example.org/x', 'module example.org/y\nreplace example.org/x => ./sub'],
  'p.go': ['package p\nimport "example.org/x/sub"', 'package q\nimport "example.org/x"', 'package p'],
  'q.go': ['package p', 'package q', 'package p\nimport "example.org/y"'],
  'P.java': ['package x; class P { Q q; }', 'package x.sub; import x.Q; class P {}', 'class P extends Q {}'],
  'Q.java': ['package x; class Q {}', 'package x.sub; class Q { x.P p; }', 'class Q {}'],
};
const FOLDERS = ['', 'sub/', 'sub/deep/'];

interface Edit {
  path: string;
  /** Undefined: the file is taken away. */
  text: string | undefined;
}

const edit: fc.Arbitrary<Edit> = fc
  .tuple(fc.constantFrom(...FOLDERS), fc.constantFrom(...Object.keys(TEXTS)))
  .chain(([folder, name]) =>
    fc.record({
      path: fc.constant(folder + name),
      text: fc.constantFrom<string | undefined>(...(TEXTS[name] ?? []), ...(TEXTS[name] ?? []), undefined),
    }),
  );
const written = fc.constantFrom(
  [],
  [{ from: 'a.ts', to: 'sub/*.py', why: '' }],
  [{ from: '**/m.py', to: 'b.ts', why: '' }],
);

describe('LiveGraph', () => {
  it.each([false, true])('is after any edits the graph that is made anew (stamps: %s)', (stamped) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(edit, { minLength: 1, maxLength: 12 }), written), { minLength: 2, maxLength: 8 }),
        (rounds) => {
          const texts: Record<string, string> = {};
          const versions = new Map<string, number>();
          const live = new LiveGraph();
          for (const [edits, edges] of rounds) {
            for (const { path, text } of edits) {
              versions.set(path, (versions.get(path) ?? 0) + 1);
              if (text === undefined) delete texts[path];
              else texts[path] = text;
            }
            const sources = sourcesOf({ ...texts });
            const stamp = stamped ? (path: string) => `${versions.get(path)}` : undefined;
            const graph = live.refresh({ ...sources, ...(stamp ? { stamp } : {}), edges });
            const wanted = buildGraph({ ...sources, edges });
            expect(graph.files).toEqual(wanted.files);
            expect(graph.edges).toBe(wanted.edges);
            expect(edgesOf(graph, sources.files)).toEqual(edgesOf(wanted, sources.files));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads only files whose stamp changed, and leaves the graph of before as it was', () => {
    const read: string[] = [];
    const texts: Record<string, string> = { 'a.ts': `import './b'`, 'b.ts': '', 'c.ts': '' };
    const stamps: Record<string, string> = { 'a.ts': '1', 'b.ts': '1', 'c.ts': '1' };
    const input = {
      files: Object.keys(texts),
      read: (path: string) => {
        read.push(path);
        return texts[path];
      },
      stamp: (path: string) => stamps[path],
    };
    const live = new LiveGraph();
    const first = live.refresh(input);
    read.length = 0;
    expect(edgesOf(live.refresh(input))).toEqual(['a.ts → b.ts']);
    expect(read).toEqual([]);
    texts['a.ts'] = `import './c'`;
    stamps['a.ts'] = '2';
    expect(edgesOf(live.refresh(input))).toEqual(['a.ts → c.ts']);
    expect(read).toEqual(['a.ts']);
    expect(edgesOf(first)).toEqual(['a.ts → b.ts']);
  });

  describe('of a folder', () => {
    const root = mkdtempSync(join(tmpdir(), 'live-graph-'));
    afterAll(() => rmSync(root, { recursive: true, force: true }));
    const write = (path: string, text: string, ago = 0) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      if (ago > 0) utimesSync(join(root, path), Date.now() / 1000 - ago, Date.now() / 1000 - ago);
    };

    it('sees a change of the same length at once, also where the times of the file are put back', async () => {
      execFileSync('git', ['init', '-q'], { cwd: root });
      for (const name of ['b', 'c']) write(`${name}.ts`, '');
      write('a.ts', `import './b'`, 1000);
      const live = new LiveGraph();
      expect(edgesOf(live.refresh(await folderSources(root)))).toEqual(['a.ts → b.ts']);
      write('a.ts', `import './c'`, 1000);
      expect(edgesOf(live.refresh(await folderSources(root)))).toEqual(['a.ts → c.ts']);
      rmSync(join(root, 'c.ts'));
      write('new.ts', `import './a'`);
      expect(edgesOf(live.refresh(await folderSources(root)))).toEqual(['new.ts → a.ts']);
    });
  });
});
