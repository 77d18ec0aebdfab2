/** The graph of real code, held against tools that know nothing of ours: dependency-cruiser, and Python's own parser and finder. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { describe, expect, it } from 'vitest';
import { buildGraph, type Graph } from '../../../context/impact/graph.ts';

const ROOT = join(import.meta.dirname, '../../..');

function sourcesIn(root: string, folders: readonly string[], ends: RegExp) {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => ends.test(name) && !/(^|\/)node_modules\//.test(name))
      .map((name) => posix.join(folder, name)),
  );
  return {
    files: files.filter((path) => statSync(join(root, path)).isFile()).sort(),
    read: (path: string) => readFileSync(join(root, path), 'utf8'),
  };
}

function edgesIn(graph: Graph): Set<string> {
  return new Set(graph.files.flatMap((from) => graph.importsOf(from).map((to) => `${from} → ${to}`)));
}

describe('TypeScript and JavaScript, against dependency-cruiser', () => {
  it.each([
    ['this repository', ROOT, ['context', 'gate', 'events', 'store', 'test/context', 'bench'], 400],
    ['zod, with its sources', join(ROOT, 'node_modules/zod'), ['src'], 500],
    ['CommonJS of express and its packages', join(ROOT, 'node_modules'), ['express', 'router', 'send', 'qs'], 20],
  ])('%s: no edge is missing, none is false', async (_, root, folders, atLeast) => {
    const own = buildGraph(sourcesIn(root, [...folders], /\.(?:[mc]?[jt]sx?|json)$/));
    const previous = process.cwd();
    process.chdir(root);
    try {
      const { output } = await cruise(
        [...folders],
        {
          tsPreCompilationDeps: true,
          includeOnly: `^(${folders.join('|')})/`,
          exclude: { path: '(^|/)node_modules/.*node_modules/' },
        },
        { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
        root === ROOT ? { tsConfig: extractTSConfig(join(root, 'tsconfig.json')) } : {},
      );
      if (typeof output === 'string') throw new Error('dependency-cruiser answered with text.');
      const known = new Set([...own.files]);
      const wanted = new Set<string>();
      for (const { source, dependencies } of output.modules)
        for (const { resolved, couldNotResolve } of dependencies)
          if (!couldNotResolve && known.has(source) && known.has(resolved) && source !== resolved)
            wanted.add(`${source} → ${resolved}`);
      const found = edgesIn(own);
      expect([...wanted].filter((edge) => !found.has(edge))).toEqual([]);
      expect(wanted.size).toBeGreaterThanOrEqual(atLeast);
      const extra = [...found].filter((edge) => !wanted.has(edge) && known.has(edge.split(' → ')[1] ?? ''));
      expect(extra.filter((edge) => !isRightAllTheSame(own, edge))).toEqual([]);
    } finally {
      process.chdir(previous);
    }
  });

  /** What it does not look for: mocks, types in comments, files named by URL; and beside a script what declares its types. */
  function isRightAllTheSame(graph: Graph, edge: string): boolean {
    const [from = '', to = ''] = edge.split(' → ');
    return graph.kindOf(from, to) !== 'value' || to.endsWith('.d.ts') || NAMED_BY_URL.has(edge);
  }
});

const NAMED_BY_URL = new Set(['src/v4/core/tests/locales/parity.test.ts → src/v4/locales/en.ts']);

/** Prints the edges between files of some packages of the standard library: parsed by ast, found by importlib's own finder. */
const ORACLE = `
import ast, importlib.machinery, json, os, sys
root = sys.argv[1]
def find(name):
    path, files = [root], []
    for part in name.split("."):
        spec = importlib.machinery.PathFinder.find_spec(part, path)
        if spec is None or not (spec.origin or spec.submodule_search_locations): return files, False
        if spec.origin and spec.origin.endswith(".py"): files.append(spec.origin)
        path = list(spec.submodule_search_locations or [])
    return files, True
edges = set()
for package in sys.argv[2:]:
    for base, dirs, names in os.walk(os.path.join(root, package)):
        for name in names:
            if not name.endswith(".py"): continue
            path = os.path.join(base, name)
            package_name = os.path.relpath(base, root).replace(os.sep, ".")
            for node in ast.walk(ast.parse(open(path, "rb").read())):
                targets = []
                if isinstance(node, ast.Import): targets = [a.name for a in node.names]
                elif isinstance(node, ast.ImportFrom):
                    above = package_name.split(".")[: len(package_name.split(".")) - node.level + 1] if node.level else []
                    module = ".".join(above + ([node.module] if node.module else []))
                    targets = [module] + [module + "." + a.name for a in node.names if a.name != "*"]
                for target in targets:
                    files, whole = find(target)
                    if whole and files: edges.add((os.path.relpath(path, root), os.path.relpath(files[-1], root)))
print(json.dumps(sorted(f"{a} → {b}" for a, b in edges if a != b)))
`;

describe('Python, against ast and importlib', () => {
  const packages = [
    'asyncio',
    'concurrent',
    'ctypes',
    'email',
    'http',
    'importlib',
    'json',
    'logging',
    'multiprocessing',
    'unittest',
    'urllib',
    'xml',
  ];
  const python = (script: string, ...args: string[]) =>
    execFileSync('python3', ['-I', '-c', script, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });

  it('misses no edge of the standard library', () => {
    const root = python('import sysconfig; print(sysconfig.get_path("stdlib"))').trim();
    const top = readdirSync(root).filter((name) => name.endsWith('.py'));
    const inPackages = sourcesIn(root, packages, /\.py$/);
    const graph = buildGraph({ ...inPackages, files: [...inPackages.files, ...top] });
    const wanted: string[] = JSON.parse(python(ORACLE, root, ...packages));
    const known = new Set(graph.files);
    const real = wanted.filter((edge) => edge.split(' → ').every((path) => known.has(path)));
    const found = edgesIn(graph);
    expect(real.length).toBeGreaterThan(1000);
    expect(real.filter((edge) => !found.has(edge))).toEqual([]);
    // What we have on top are the __init__ files of packages on the way, which Python loads as well.
    const asked = new Set(real);
    const extra = [...found].filter((edge) => !asked.has(edge) && !top.includes(edge.split(' → ')[0] ?? ''));
    // `os.path` is a name that os.py makes up.
    expect(extra.filter((edge) => !edge.endsWith('/__init__.py') && !edge.endsWith(' → os.py'))).toEqual([]);
  });
});
