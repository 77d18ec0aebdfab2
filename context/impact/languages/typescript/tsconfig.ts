/**
 * `paths` and `baseUrl` of the nearest tsconfig.json or jsconfig.json, with `extends` followed inside the tree.
 * get-tsconfig matches the patterns. Its reader goes to the disk, while a graph is also made of a commit that is not
 * checked out; so the files are read here, through the tree.
 */
import { posix } from 'node:path';
import { createPathsMatcher, type PathsMatcher } from 'get-tsconfig';
import type { Tree } from '../../language.ts';
import { isObject, type JsonObject, readJson } from './json.ts';

const CONFIG_DIR = /^\$\{configDir\}/;
const NAMES = ['tsconfig.json', 'jsconfig.json'];

/** What matters of a config and those it extends; folders and targets are absolute, the tree's root being `/`. */
interface Options {
  baseUrl?: string;
  paths?: Record<string, string[]>;
}

/** Repository-relative candidates for a specifier written in `folder`, best first, without extension perhaps. */
export type MapPath = (folder: string, specifier: string) => string[];

/** @param packageFolder the folder of a workspace package, for `extends: "@org/tsconfig/base.json"`. */
export function pathMapper(tree: Tree, packageFolder: (specifier: string) => string | undefined): MapPath {
  const byFolder = new Map<string, PathsMatcher[]>();

  function matchersOf(folder: string): PathsMatcher[] {
    let matchers = byFolder.get(folder);
    if (matchers === undefined) {
      const path = NAMES.map((name) => posix.join(folder, name)).find((name) => tree.files.has(name));
      if (path !== undefined) matchers = readMatchers(path);
      else matchers = folder === '.' ? [] : matchersOf(posix.dirname(folder));
      byFolder.set(folder, matchers);
    }
    return matchers;
  }

  /** A solution file (`references` only) stands for the projects that it names. */
  function readMatchers(path: string): PathsMatcher[] {
    const config = readJson(tree, path);
    if (config === undefined) return [];
    const referenced = Array.isArray(config.references) ? config.references : [];
    const others = referenced.flatMap((reference: unknown) =>
      isObject(reference) && typeof reference.path === 'string'
        ? [configAt(posix.join(posix.dirname(path), reference.path))]
        : [],
    );
    return [path, ...others].flatMap((name) => matcherOf(readOptions(name, rootFolder(name), new Set())) ?? []);
  }

  function configAt(path: string): string {
    return path.endsWith('.json') ? path : posix.join(path, 'tsconfig.json');
  }

  /** @param leaf the folder of the config that all this is read for: what `${configDir}` means in those it extends. */
  function readOptions(path: string, leaf: string, seen: Set<string>): Options {
    const config = seen.has(path) ? undefined : readJson(tree, path);
    if (config === undefined) return {};
    seen.add(path);
    const options: Options = {};
    for (const base of [config.extends].flat()) {
      const target = typeof base === 'string' ? extended(path, base) : undefined;
      if (target !== undefined) Object.assign(options, readOptions(target, leaf, seen));
    }
    return Object.assign(options, ownOptions(path, leaf, config, options.baseUrl));
  }

  function extended(path: string, base: string): string | undefined {
    let target = base.startsWith('.') ? posix.join(posix.dirname(path), base) : undefined;
    if (target === undefined) {
      const folder = packageFolder(base);
      const name = /^(?:@[^/]+\/)?[^/]+/.exec(base)?.[0] ?? base;
      if (folder !== undefined) target = posix.join(folder, base.slice(name.length + 1) || 'tsconfig.json');
    }
    return [target, `${target}.json`, `${target}/tsconfig.json`].find((name) => name && tree.files.has(name));
  }

  return (folder, specifier) =>
    matchersOf(folder)
      .flatMap((match) => match(specifier))
      .map((path) => path.replace(/^(?:[A-Za-z]:)?\//, ''));
}

function ownOptions(path: string, leaf: string, config: JsonObject, inheritedBase: string | undefined): Options {
  if (!isObject(config.compilerOptions)) return {};
  const { baseUrl, paths } = config.compilerOptions;
  const folder = rootFolder(path);
  const own: Options = {};
  if (typeof baseUrl === 'string') own.baseUrl = posix.resolve(folder, baseUrl.replace(CONFIG_DIR, leaf));
  if (isObject(paths)) {
    const from = own.baseUrl ?? inheritedBase ?? folder;
    const absolute = (target: string) => posix.resolve(from, target.replace(CONFIG_DIR, leaf));
    own.paths = Object.fromEntries(
      Object.entries(paths).map(([pattern, targets]) => [pattern, [targets].flat().filter(isText).map(absolute)]),
    );
  }
  return own;
}

/** The folder of a config as seen from `/`, the tree's root. */
function rootFolder(path: string): string {
  return posix.join('/', posix.dirname(path));
}

function matcherOf(options: Options): PathsMatcher | null {
  try {
    return createPathsMatcher({ path: '/tsconfig.json', config: { compilerOptions: { ...options } } });
  } catch {
    return null; // a pattern with two stars: TypeScript refuses it as well
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
