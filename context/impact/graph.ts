/**
 * The import graph: which file of the repository uses which. The same files give the same graph in every run; with a
 * cache only the files whose content changed are scanned again. What code cannot show (HTTP, queues, SQL) comes as
 * hand-written edges.
 */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { inForce } from '../law/compose.ts';
import { matches } from '../path-rules.ts';
import type { Language, Resolve } from './language.ts';
import { LANGUAGES, languageOf } from './languages.ts';
import type { Sources } from './sources.ts';

export interface SpecifierCache {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

/** `from` uses `to`. Both are paths, or globs for several files. */
export interface HandWrittenEdge {
  from: string;
  to: string;
  why: string;
  /** Drafted by a model: without force. */
  proposed?: boolean | undefined;
}

export interface Graph {
  /** Source files in a language that is understood, sorted. */
  files: string[];
  /** Number of edges, hand-written ones included. */
  edges: number;
  /** Files that `path` uses, sorted. */
  importsOf(path: string): readonly string[];
  /** Files that use `path`, sorted. */
  importersOf(path: string): readonly string[];
  /** True for every file of the tree, source or not. */
  has(path: string): boolean;
  /** False where the imports of a file are unknown: another language, too large, a link. */
  understands(path: string): boolean;
}

export interface GraphInput extends Sources {
  cache?: SpecifierCache;
  edges?: readonly HandWrittenEdge[];
}

export function buildGraph({ files, read, cache, edges = [] }: GraphInput): Graph {
  const tree = { files: new Set(files), read };
  const imports = new Map<string, Set<string>>();
  const resolvers = new Map<Language, Resolve>(
    LANGUAGES.map((language) => [language, remembered(language.resolver(tree))]),
  );

  for (const path of [...files].sort()) {
    const language = languageOf(path);
    const resolve = language && resolvers.get(language);
    const text = language && read(path);
    if (language === undefined || resolve === undefined || text === undefined) continue;
    const folder = posix.dirname(path);
    const targets = new Set<string>();
    for (const specifier of specifiersOf(language, text, cache))
      for (const target of resolve(folder, specifier)) if (target !== path) targets.add(target);
    imports.set(path, targets);
  }

  const understood = new Set(imports.keys());
  for (const { from, to } of edges.filter(inForce)) {
    const targets = expand(to, tree.files);
    for (const source of expand(from, tree.files)) {
      const own = imports.get(source) ?? new Set();
      for (const target of targets) if (target !== source) own.add(target);
      imports.set(source, own);
    }
  }
  return new ImportGraph(tree.files, understood, imports);
}

class ImportGraph implements Graph {
  readonly files: string[];
  readonly edges: number;
  private readonly all: ReadonlySet<string>;
  private readonly understood: ReadonlySet<string>;
  private readonly imports = new Map<string, string[]>();
  private readonly importers = new Map<string, string[]>();

  constructor(all: ReadonlySet<string>, understood: ReadonlySet<string>, imports: Map<string, Set<string>>) {
    this.all = all;
    this.understood = understood;
    this.files = [...understood];
    let edges = 0;
    for (const from of [...imports.keys()].sort()) {
      const targets = [...(imports.get(from) ?? [])].sort();
      edges += targets.length;
      this.imports.set(from, targets);
      for (const to of targets) {
        const known = this.importers.get(to);
        if (known === undefined) this.importers.set(to, [from]);
        else known.push(from);
      }
    }
    this.edges = edges;
  }

  importsOf(path: string): readonly string[] {
    return this.imports.get(path) ?? [];
  }

  importersOf(path: string): readonly string[] {
    return this.importers.get(path) ?? [];
  }

  has(path: string): boolean {
    return this.all.has(path);
  }

  understands(path: string): boolean {
    return this.understood.has(path);
  }
}

/** Files of one folder import much the same. */
function remembered(resolve: Resolve): Resolve {
  const known = new Map<string, Map<string, readonly string[]>>();
  return (folder, specifier) => {
    const inFolder = known.get(folder) ?? new Map<string, readonly string[]>();
    const files = inFolder.get(specifier) ?? resolve(folder, specifier);
    known.set(folder, inFolder.set(specifier, files));
    return files;
  };
}

function specifiersOf(language: Language, text: string, cache: SpecifierCache | undefined): string[] {
  if (cache === undefined) return language.specifiers(text);
  const key = `imports:${language.name}:${createHash('sha1').update(text).digest('base64url')}`;
  const kept = cache.get(key);
  if (kept !== undefined) return kept === '' ? [] : kept.split('\n');
  const found = language.specifiers(text).filter((specifier) => !specifier.includes('\n'));
  cache.set(key, found.join('\n'));
  return found;
}

function expand(pathOrGlob: string, files: ReadonlySet<string>): string[] {
  if (files.has(pathOrGlob)) return [pathOrGlob];
  return [...files].filter((path) => matches([pathOrGlob], path));
}
