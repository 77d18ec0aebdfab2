/**
 * Which of a project's test files become scenarios of their own: those that cover the files most others depend on. Only
 * facts: the files that ran, the import graph. Pure.
 */
import { posix } from 'node:path';
import { reach } from '../impact/dependents.ts';
import type { Graph } from '../impact/graph.ts';
import { matches } from '../path-rules.ts';

export interface ChosenTest {
  /** Repository-relative test file. */
  file: string;
  /** Name of the scenario file: what the test is about. */
  module: string;
  /** Sources that it reaches, as paths or as the glob of a folder; those it imports itself where they are many. */
  files: string[];
}

const MOST = 12;
/** More paths than these are written as the folder that holds them. */
const MOST_FILES = 6;

/** `tests`: files that hold green cases. In the order of what they add to what is covered. `taken`: names of modules. */
export function chooseTests(
  tests: readonly string[],
  graph: Graph,
  testGlobs: readonly string[],
  taken: Iterable<string> = [],
): ChosenTest[] {
  const isTest = (path: string) => matches(testGlobs, path);
  const weights = new Map<string, number>();
  const weight = (path: string) => {
    const known = weights.get(path);
    if (known !== undefined) return known;
    const dependents = [...reach([path], (one) => graph.importersOf(one))].filter((one) => !isTest(one));
    weights.set(path, dependents.length);
    return dependents.length;
  };
  const left = tests.map((file) => ({ file, sources: sourcesOf(file, graph, isTest) }));
  const covered = new Set<string>();
  const chosen: ChosenTest[] = [];
  const names = new Set(taken);
  while (left.length > 0 && chosen.length < MOST) {
    const gains = left.map(({ sources }) =>
      sources.direct.reduce((sum, path) => sum + (covered.has(path) ? 0 : weight(path)), 0),
    );
    const best = gains.indexOf(Math.max(...gains));
    const [next] = left.splice(best, 1);
    // What imports nothing of the project (a test over HTTP, say) is covered by the whole test command alone.
    if (next === undefined || (gains[best] ?? 0) === 0) break;
    for (const path of next.sources.direct) covered.add(path);
    chosen.push({ file: next.file, module: moduleOf(next.file, names), files: next.sources.files });
  }
  return chosen;
}

/** The file that only makes a folder a package says nothing about a test. */
const SOURCE = /(?<!(?:^|\/)__init__\.py)(?<=\.(?:[mc]?[jt]sx?|pyi?))$/;

function sourcesOf(test: string, graph: Graph, isTest: (path: string) => boolean) {
  const isSource = (path: string) => !isTest(path) && SOURCE.test(path);
  // Helpers and fixtures beside the tests are looked through.
  const support = reach([test], (path) => graph.importsOf(path).filter(isTest));
  const direct = [...new Set([...support].flatMap((path) => graph.importsOf(path).filter(isSource)))].sort();
  const all = [...reach(direct, (path) => graph.importsOf(path).filter(isSource))].sort();
  return { direct, files: all.length <= MOST_FILES ? all : compact(direct) };
}

function compact(paths: readonly string[]): string[] {
  if (paths.length <= MOST_FILES) return [...paths];
  return [...new Set(paths.map((path) => `${posix.dirname(path)}/**`.replace(/^\.\//, '')))].sort();
}

/** `test/discounts.test.ts` → discounts, `tests/test_rates.py` → rates; a name that is taken gets its folder in front. */
export function moduleOf(file: string, taken: Set<string>): string {
  const own = posix
    .basename(file)
    .replace(/\.[^.]+$/, '')
    .replace(/[._-](?:test|spec)$|^test[._-]/i, '')
    .replace(/[^\w-]+/g, '-');
  const folders = posix
    .dirname(file)
    .split('/')
    .filter((name) => !/^(?:\.|src|tests?|__tests__|spec|packages)$/.test(name));
  const candidates = [own, [...folders.slice(-1), own].join('-'), [...folders, own].join('-')];
  let name = candidates.find((one) => one !== '' && !taken.has(one) && one !== 'project') ?? `${own}-tests`;
  for (let number = 2; taken.has(name); number++) name = `${own}-${number}`;
  taken.add(name);
  return name;
}
