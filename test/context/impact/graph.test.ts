import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependents } from '../../../context/impact/dependents.ts';
import { buildGraph, type Graph } from '../../../context/impact/graph.ts';
import { edgesOf as edgesOfTree, sourcesOf } from './tree.ts';

const shop = {
  'package.json': '{"name":"shop"}',
  'src/a.ts': `import './b'; import data from './data.json'; import './a'`,
  'src/b.ts': `import './c.js'; import 'react'`,
  'src/c.ts': `import type { A } from './a'`,
  'src/data.json': '{}',
  'test/a.test.ts': `import '../src/a'`,
  'tool/run.py': 'import other\n',
  'tool/other.py': '',
  'api/main.rb': '',
};

const edgesOf = (graph: Graph) => edgesOfTree(graph, [...graph.files, 'api/main.rb']);

describe('buildGraph', () => {
  it('knows who imports what, across languages, without edges of a file to itself', () => {
    const graph = buildGraph(sourcesOf(shop));
    expect(edgesOf(graph)).toEqual([
      'src/a.ts → src/b.ts',
      'src/a.ts → src/data.json',
      'src/b.ts → src/c.ts',
      'src/c.ts → src/a.ts type',
      'test/a.test.ts → src/a.ts',
      'tool/run.py → tool/other.py',
    ]);
    expect(graph.edges).toBe(6);
    expect(graph.importersOf('src/a.ts')).toEqual(['src/c.ts', 'test/a.test.ts']);
    expect(graph.importersOf('src/data.json')).toEqual(['src/a.ts']);
    expect(graph.files).toEqual(['src/a.ts', 'src/b.ts', 'src/c.ts', 'test/a.test.ts', 'tool/other.py', 'tool/run.py']);
    expect([graph.has('api/main.rb'), graph.understands('api/main.rb'), graph.has('gone.ts')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('adds hand-written edges, globs and other languages included, and leaves proposed ones out', () => {
    const edges = [
      { from: 'src/c.ts', to: 'api/*.rb', why: 'POST /charge' },
      { from: 'api/main.rb', to: 'tool/run.py', why: 'queue' },
      { from: 'src/b.ts', to: 'tool/run.py', why: 'guess', proposed: true },
      { from: 'src/gone.ts', to: 'src/a.ts', why: 'dead' },
    ];
    const graph = buildGraph({ ...sourcesOf(shop), edges });
    expect(graph.edges).toBe(8);
    expect(graph.importersOf('api/main.rb')).toEqual(['src/c.ts']);
    expect(graph.importersOf('tool/run.py')).toEqual(['api/main.rb']);
    expect(dependents(graph, ['tool/other.py'])).toEqual({
      direct: ['tool/run.py'],
      transitive: ['api/main.rb', 'src/a.ts', 'src/b.ts', 'src/c.ts', 'test/a.test.ts', 'tool/run.py'],
    });
  });

  it('gives the same graph whatever the order of the files', () => {
    const wanted = edgesOf(buildGraph(sourcesOf(shop)));
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.keys(shop), { minLength: 9 }), (files) => {
        expect(edgesOf(buildGraph({ ...sourcesOf(shop), files }))).toEqual(wanted);
      }),
      { numRuns: 30 },
    );
  });

  it('reads the scripts of components', () => {
    const texts = {
      'App.vue': `<template><p>it's from './no'</p></template>\n<script setup lang="ts">\nimport Row from './Row.svelte'\n</script>`,
      'Row.svelte': `<script src="./row.js"></script><script>import type { A } from './types'</script>`,
      'page.astro': `---\nimport App from './App.vue'\n---\n<App client:load />`,
      'row.js': '',
      'types.ts': '',
    };
    expect(edgesOfTree(buildGraph(sourcesOf(texts)))).toEqual([
      'App.vue → Row.svelte',
      'Row.svelte → row.js',
      'Row.svelte → types.ts type',
      'page.astro → App.vue',
    ]);
  });

  it('keeps a file that cannot be read as one whose imports are unknown', () => {
    const graph = buildGraph({
      files: ['a.ts', 'gone.ts'],
      read: (path) => (path === 'a.ts' ? `import './gone'` : undefined),
    });
    expect(graph.importersOf('gone.ts')).toEqual(['a.ts']);
    expect(graph.understands('gone.ts')).toBe(false);
  });
});

describe('dependents', () => {
  const graph = buildGraph(sourcesOf(shop));

  it('goes round cycles once and never names the given files', () => {
    expect(dependents(graph, ['src/c.ts'])).toEqual({
      direct: ['src/b.ts'],
      transitive: ['src/a.ts', 'src/b.ts', 'test/a.test.ts'],
    });
    expect(dependents(graph, ['src/c.ts', 'src/b.ts'])).toEqual({
      direct: ['src/a.ts'],
      transitive: ['src/a.ts', 'test/a.test.ts'],
    });
  });

  it('is empty for a file that nothing uses or nobody knows', () => {
    expect(dependents(graph, ['test/a.test.ts', 'nowhere.ts'])).toEqual({ direct: [], transitive: [] });
  });
});
