/**
 * Packages whose source is in the tree: `name`, `name/sub` and `#imports` → source files. Their package.json points at
 * what a build will make (`dist/index.js`), and that build is usually not in the tree; so a target also stands for the
 * source it is made from.
 */
import { posix } from 'node:path';
import { exports as resolveExports, imports as resolveImports } from 'resolve.exports';
import type { Tree } from '../../language.ts';
import { isObject, type JsonObject, readJson } from './json.ts';
import type { Probe } from './probe.ts';

const CONDITIONS = [
  { require: false },
  { require: true },
  { require: false, conditions: ['types', 'source', 'development'] },
];
const BUILD_FOLDERS = /^(?:(?:dist|build|lib|out|esm|cjs|es|module|commonjs|types|_?cjs|_?esm)\/)+/;
const EXTENSIONS = /(?:\.d)?\.[mc]?[jt]sx?$/;
const FIXTURES = /(?:^|\/)(?:node_modules|__?fixtures__?|fixtures?|examples?|samples?|templates?|playground)\//;

interface Package {
  name: string;
  folder: string;
  json: JsonObject;
}

export interface Packages {
  /** Folder of the package that a bare specifier names. */
  folderOf(specifier: string): string | undefined;
  /** Files for `name` or `name/sub`. */
  resolve(specifier: string): readonly string[];
  /** Files for a folder with a package.json. */
  resolveFolder(folder: string): readonly string[];
  /** Files for `#name`, by the package that `folder` belongs to. */
  resolveInternal(folder: string, specifier: string): readonly string[];
}

export function packagesIn(tree: Tree, probe: Probe): Packages {
  const byFolder = new Map<string, Package>();
  for (const path of tree.files) {
    if (path !== 'package.json' && !path.endsWith('/package.json')) continue;
    const json = readJson(tree, path);
    const folder = posix.dirname(path);
    if (json) byFolder.set(folder, { folder, json, name: typeof json.name === 'string' ? json.name : '' });
  }
  // Of two packages with one name the shallower is the real one, and one in a fixture is not.
  const byName = new Map<string, Package>();
  for (const found of [...byFolder.values()].sort(byRank)) if (!byName.has(found.name)) byName.set(found.name, found);

  function packageOf(specifier: string): Package | undefined {
    const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
    return name === undefined ? undefined : byName.get(name);
  }

  function enclosing(folder: string): Package | undefined {
    for (let current = folder; ; current = posix.dirname(current)) {
      const found = byFolder.get(current);
      if (found) return found;
      if (current === '.') return undefined;
    }
  }

  /** The file that `target` names, and the source that it is built from. */
  function sources(folder: string, target: string): readonly string[] {
    const path = posix.normalize(target).replace(/\/$/, '');
    const inFolder = (name: string) => probe(posix.join(folder, name));
    const rest = path.replace(BUILD_FOLDERS, '');
    const built = inFolder(path);
    if (built.length > 0 && rest === path) return built;
    const stem = rest.replace(EXTENSIONS, '');
    const inner = stem.replace(BUILD_FOLDERS, '');
    const candidates = [
      `src/${stem}`,
      `src/${inner}`,
      stem,
      `src/${path.replace(EXTENSIONS, '')}`,
      `lib/${stem}`,
      inner,
    ];
    const source = candidates.map(inFolder).find((files) => files.length > 0) ?? [];
    return [...new Set([...built, ...source])];
  }

  const firstOf = (folder: string, targets: string[]) => firstFound(targets, (target) => sources(folder, target));

  /** What a folder with a package.json, but no index file in it, stands for. */
  function resolveFolder(folder: string): readonly string[] {
    const found = byFolder.get(folder);
    return found === undefined ? [] : entryOf(found);
  }

  function entryOf({ folder, json }: Package): readonly string[] {
    const entries = [json.source, json.module, json.main, json.types, json.typings].filter(isText);
    return firstOf(folder, [...entries, 'index', 'src/index', 'src/main']);
  }

  const resolved = new Map<string, readonly string[]>();

  /** The same from every folder. */
  function resolve(specifier: string): readonly string[] {
    const files = resolved.get(specifier) ?? resolveNew(specifier);
    resolved.set(specifier, files);
    return files;
  }

  function resolveNew(specifier: string): readonly string[] {
    const found = packageOf(specifier);
    if (found === undefined) return [];
    const { folder, json, name } = found;
    const subpath = specifier.slice(name.length + 1);
    const exported = firstOf(
      folder,
      targetsOf((options) => resolveExports({ ...json, name }, specifier, options)),
    );
    if (exported.length > 0) return exported;
    if (subpath !== '') return firstOf(folder, [subpath, `src/${subpath}`]);
    const entries = [json.source, json.module, json.main, json.types, json.typings].filter(
      (entry) => typeof entry === 'string',
    );
    return firstOf(folder, [...entries, 'index', 'src/index', 'src/main']);
  }

  return {
    folderOf: (specifier) => packageOf(specifier)?.folder,
    resolve,
    resolveFolder,
    resolveInternal(folder, specifier) {
      const found = enclosing(folder);
      if (found === undefined || !isObject(found.json.imports)) return [];
      const { json, name } = found;
      const targets = targetsOf((options) => resolveImports({ ...json, name }, specifier, options));
      return firstFound(targets, (target) =>
        target.startsWith('.') ? sources(found.folder, target) : resolve(target),
      );
    },
  };
}

function firstFound(names: readonly string[], find: (name: string) => readonly string[]): readonly string[] {
  for (const name of names) {
    const files = find(name);
    if (files.length > 0) return files;
  }
  return [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

type ConditionSet = (typeof CONDITIONS)[number];

/** Targets under all conditions, best first. The package throws for what is not exported. */
function targetsOf(find: (options: ConditionSet) => ReturnType<typeof resolveImports>): string[] {
  const targets = CONDITIONS.flatMap((options) => {
    try {
      return find(options) ?? [];
    } catch {
      return [];
    }
  });
  return [...new Set(targets)];
}

function byRank(a: Package, b: Package): number {
  const depth = (item: Package) => (FIXTURES.test(`${item.folder}/`) ? 1000 : 0) + item.folder.split('/').length;
  return depth(a) - depth(b) || (a.folder < b.folder ? -1 : 1);
}
