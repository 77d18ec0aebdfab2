/**
 * The import graph against dependency-cruiser: on a made repository of 2,000 TypeScript files it may take at most 0.06 of
 * its time, and no real edge may be missing (neither one that was written into the repository, nor one that
 * dependency-cruiser finds).
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { buildGraph, type Graph } from '../context/impact/graph.ts';
import type { Scan } from '../context/impact/language.ts';
import { folderSources } from '../context/impact/sources.ts';
import { makeRepository } from './impact/typescript-repository.ts';

const MOST = 0.06;
const RUNS = 5;

const root = realpathSync(mkdtempSync(join(tmpdir(), 'bench-impact-')));
try {
  const made = makeRepository(root);
  console.log(`${made.sources} files, ${(made.bytes / 1e6).toFixed(1)} MB, ${made.edges.size} edges`);

  const times: number[] = [];
  let own = new Set<string>();
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const graph = buildGraph(await folderSources(root));
    times.push(performance.now() - start);
    own = edgesOf(graph);
  }
  const kept = new Map<string, Scan>();
  const cache = { get: (key: string) => kept.get(key), set: (key: string, value: Scan) => void kept.set(key, value) };
  const sources = await folderSources(root);
  buildGraph({ ...sources, cache });
  const cached = performance.now();
  buildGraph({ ...sources, cache });
  const cachedTime = performance.now() - cached;

  process.chdir(root);
  const start = performance.now();
  const cruised = await cruisedEdges();
  const theirs = performance.now() - start;

  const cold = times[0] ?? 0;
  const median = [...times].sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  const missing = [...made.edges, ...cruised].filter((edge) => !own.has(edge));
  const extra = [...own].filter((edge) => !made.edges.has(edge) && !cruised.has(edge));
  console.log(
    `own: ${own.size} edges; ${cold.toFixed(0)} ms cold, ${median.toFixed(0)} ms median of ${RUNS}, ${cachedTime.toFixed(0)} ms without listing and from a cache`,
  );
  console.log(`dependency-cruiser: ${cruised.size} edges, ${theirs.toFixed(0)} ms`);
  console.log(
    `of the made edges dependency-cruiser misses ${[...made.edges].filter((edge) => !cruised.has(edge)).length}`,
  );
  console.log(`missing ${missing.length} (allowed 0), extra ${extra.length}`);
  console.log(`ratio ${(cold / theirs).toFixed(3)} cold, ${(median / theirs).toFixed(3)} median (allowed ${MOST})`);
  for (const edge of missing.slice(0, 10)) console.log(`  missing: ${edge}`);
  for (const edge of extra.slice(0, 10)) console.log(`  extra: ${edge}`);
  process.exitCode = missing.length > 0 || cold / theirs > MOST ? 1 : 0;
} finally {
  process.chdir(tmpdir());
  rmSync(root, { recursive: true, force: true });
}

function edgesOf(graph: Graph): Set<string> {
  return new Set(graph.files.flatMap((from) => graph.importsOf(from).map((to) => `${from} → ${to}`)));
}

async function cruisedEdges(): Promise<Set<string>> {
  const tsConfig = extractTSConfig(join(root, 'tsconfig.json'));
  const { output } = await cruise(
    ['packages', 'web'],
    {
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      tsConfig: { fileName: join(root, 'tsconfig.json') },
    },
    { conditionNames: ['import', 'require', 'node', 'default', 'types'], exportsFields: ['exports'] },
    { tsConfig },
  );
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text.');
  return new Set(
    output.modules.flatMap(({ source, dependencies }) =>
      dependencies
        .filter(({ couldNotResolve, resolved }) => !couldNotResolve && !/(^|\/)node_modules\//.test(resolved))
        .map(({ resolved }) => `${source} → ${resolved}`)
        .filter((edge) => /^(?:packages|web)\/.* → (?:packages|web)\//.test(edge)),
    ),
  );
}
