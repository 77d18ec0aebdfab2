/**
 * The import graph against dependency-cruiser, side by side in one run. On a made repository of 2,000 TypeScript files it may
 * take at most 0.04 of its time (the median of five runs), and no real edge may be missing: neither one that was written
 * into the repository, nor one that dependency-cruiser finds. Then the refresh after one changed file, listing included,
 * and 1,000 files of Python. The limits hold for the processor time of this process, because the time on the clock is mostly
 * that of whatever else the machine does; both are printed.
 */
import { appendFileSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { buildGraph, type Graph } from '../context/impact/graph.ts';
import { LiveGraph } from '../context/impact/live-graph.ts';
import { folderSources } from '../context/impact/sources.ts';
import { makePythonRepository } from './impact/python-repository.ts';
import { makeRepository } from './impact/typescript-repository.ts';

const MOST = { ratio: 0.04, falseEdges: 0.001, refreshMs: 30, pythonMs: 300, megabytes: 200 };
const RUNS = 5;
const REFRESHES = 25;

const root = realpathSync(mkdtempSync(join(tmpdir(), 'bench-impact-')));
const broken: string[] = [];
try {
  console.log(
    `load of the machine: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );
  const before = process.memoryUsage().rss;
  await typescript(join(root, 'typescript'), before);
  await python(join(root, 'python'));
} finally {
  process.chdir(tmpdir());
  rmSync(root, { recursive: true, force: true });
}
if (broken.length > 0) console.log(`BROKEN LIMITS: ${broken.join(', ')}`);
process.exitCode = broken.length > 0 ? 1 : 0;

async function typescript(folder: string, rssBefore: number): Promise<void> {
  const made = makeRepository(folder);
  console.log(`${made.sources} files, ${(made.bytes / 1e6).toFixed(1)} MB, ${made.edges.size} edges`);
  const { graph, times } = await built(folder);
  const own = edgesOf(graph);
  const rss = Math.max(process.memoryUsage().rss - rssBefore, 0) / 1e6;
  const refreshes = await refreshed(folder, graph.files);

  process.chdir(folder);
  const [cruised, theirs] = await timed(() => cruisedEdges(folder));

  const missing = [...made.edges, ...cruised].filter((edge) => !own.has(edge));
  const extra = [...own].filter((edge) => !made.edges.has(edge) && !cruised.has(edge));
  console.log(`own: ${own.size} edges; ${told(times)}`);
  console.log(
    `dependency-cruiser: ${cruised.size} edges, ${told([theirs])}; of the made edges it misses ${[...made.edges].filter((edge) => !cruised.has(edge)).length}`,
  );
  for (const edge of missing.slice(0, 10)) console.log(`  missing: ${edge}`);
  for (const edge of extra.slice(0, 10)) console.log(`  extra: ${edge}`);
  limit('missing edges', missing.length, 0, 0);
  limit('false edges', extra.length / own.size, MOST.falseEdges, 4);
  limit('ratio', median(times, 'cpu') / theirs.cpu, MOST.ratio, 3);
  console.log(`     on the clock: ${(median(times, 'clock') / theirs.clock).toFixed(3)}`);
  console.log(`refresh after one changed file: ${told(refreshes)}`);
  limit('refresh, median, ms', median(refreshes, 'cpu'), MOST.refreshMs, 1);
  limit('memory added by five graphs of 2,000 files, MB', rss, MOST.megabytes, 0);
}

async function python(folder: string): Promise<void> {
  const made = makePythonRepository(folder);
  const { graph, times } = await built(folder);
  const own = edgesOf(graph);
  console.log(`Python: ${made.sources} files, ${own.size} edges; ${told(times)}`);
  limit('missing edges of Python', [...made.edges].filter((edge) => !own.has(edge)).length, 0, 0);
  limit('Python, median, ms', median(times, 'cpu'), MOST.pythonMs, 0);
}

interface Time {
  /** Milliseconds of the processor in this process, and on the clock. */
  cpu: number;
  clock: number;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, Time]> {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(used);
  return [result, { cpu: (user + system) / 1000, clock: performance.now() - start }];
}

async function built(folder: string): Promise<{ graph: Graph; times: Time[] }> {
  const times: Time[] = [];
  let graph = buildGraph({ files: [], read: () => undefined });
  for (let run = 0; run < RUNS; run++) {
    const [made, time] = await timed(async () => buildGraph(await folderSources(folder)));
    graph = made;
    times.push(time);
  }
  return { graph, times };
}

/** Files that were changed just now have no stamp yet; a person's have been there for longer than these two seconds. */
async function refreshed(folder: string, files: readonly string[]): Promise<Time[]> {
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const live = new LiveGraph();
  let known = (await folderSources(folder)).files;
  live.refresh(await folderSources(folder));
  const times: Time[] = [];
  for (let run = 0; run < REFRESHES; run++) {
    appendFileSync(join(folder, files[run * 40] ?? ''), '\n// changed\n');
    const [sources, time] = await timed(async () => {
      const listed = await folderSources(folder, { known });
      live.refresh(listed);
      return listed;
    });
    times.push(time);
    known = sources.files;
  }
  return times;
}

function limit(name: string, actual: number, allowed: number, digits: number): void {
  const holds = actual <= allowed;
  console.log(`${holds ? 'ok  ' : 'OVER'} ${name}: ${actual.toFixed(digits)} (allowed ${allowed})`);
  if (!holds) broken.push(name);
}

function told(times: readonly Time[]): string {
  const clock = times.map((time) => time.clock);
  return `${median(times, 'cpu').toFixed(1)} ms of the processor; on the clock ${median(times, 'clock').toFixed(1)} ms, at best ${Math.min(...clock).toFixed(1)} ms`;
}

function median(times: readonly Time[], which: keyof Time): number {
  const sorted = times.map((time) => time[which]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function edgesOf(graph: Graph): Set<string> {
  return new Set(graph.files.flatMap((from) => graph.importsOf(from).map((to) => `${from} → ${to}`)));
}

async function cruisedEdges(folder: string): Promise<Set<string>> {
  const tsConfig = extractTSConfig(join(folder, 'tsconfig.json'));
  const { output } = await cruise(
    ['packages', 'web'],
    {
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      tsConfig: { fileName: join(folder, 'tsconfig.json') },
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
