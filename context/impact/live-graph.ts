/**
 * The import graph of a tree that changes. Each refresh reads and scans only files whose stamp changed, and resolves only what may now mean something else: the imports of those files, or all of a language
 * when files came or went, or when something that its resolver read is no longer the same. The answer is always the one
 * that a graph made anew would give (a property test holds it to that).
 */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { type Edges, type Graph, GraphSnapshot } from './graph-snapshot.ts';
import { type ImportKind, type Language, note, type Resolve, type Scan, type Tree } from './language.ts';
import { LANGUAGES, languageOf } from './languages.ts';
import type { Sources } from './sources.ts';
import { type HandWrittenEdge, writtenEdges } from './written-edges.ts';

export interface GraphInput extends Sources {
  edges?: readonly HandWrittenEdge[];
}

interface Source {
  stamp: string | undefined;
  language: Language;
  scan: Scan;
  targets: ReadonlyMap<string, ImportKind>;
}

/** The resolver of one language for the tree as it is, and what it has read of it. */
interface Resolver {
  resolve: Resolve;
  /** Path → stamp and digest of what was read; no digest: it could not be read. */
  read: Map<string, { stamp: string | undefined; digest: string | undefined }>;
}

export class LiveGraph {
  private paths: readonly string[] = [];
  private files: ReadonlySet<string> = new Set();
  private owned: ReadonlyArray<readonly [path: string, language: Language]> = [];
  private input: GraphInput = { files: [], read: () => undefined };
  private readonly sources = new Map<string, Source>();
  private readonly resolvers = new Map<Language, Resolver>();
  private understood: readonly string[] = [];
  /** Handed out with each graph, and so copied before it is changed. */
  private edges: Edges = { imports: new Map(), importers: new Map() };
  private written: { key: string; edges: Map<string, string[]> } = { key: '', edges: new Map() };

  refresh(input: GraphInput): Graph {
    this.input = input;
    const stale = new Set<Language>();
    const sameFiles = this.takeFiles(input.files);
    if (!sameFiles) for (const language of LANGUAGES) stale.add(language);
    const changed = this.scanChanged(stale);
    for (const [language, resolver] of this.resolvers)
      if (!stale.has(language) && this.readAnythingElse(resolver)) stale.add(language);

    const touched = new Set<string>();
    for (const language of stale) this.resolvers.delete(language);
    for (const [path, source] of this.sources) {
      if (!stale.has(source.language) && !changed.has(path)) continue;
      const targets = this.resolveAll(path, source);
      if (!same(targets, source.targets) || changed.has(path)) touched.add(path);
      source.targets = targets;
    }
    for (const path of changed) touched.add(path);
    this.takeWritten(input.edges ?? [], sameFiles, touched);
    if (touched.size > 0) {
      this.edges = { imports: new Map(this.edges.imports), importers: new Map(this.edges.importers) };
      this.connect(touched);
    }

    if (!sameFiles || changed.size > 0)
      this.understood = this.owned.flatMap(([path]) => (this.sources.has(path) ? [path] : []));
    return new GraphSnapshot(this.files, this.understood, this.edges);
  }

  private takeFiles(files: readonly string[]): boolean {
    const isSame = (list: readonly string[]) =>
      list.length === this.paths.length && list.every((path, index) => path === this.paths[index]);
    if (isSame(files)) return true;
    const paths = [...files].sort();
    if (isSame(paths)) return true;
    this.paths = paths;
    this.files = new Set(paths);
    this.owned = paths.flatMap((path) => {
      const language = languageOf(path);
      return language === undefined ? [] : [[path, language] as const];
    });
    return false;
  }

  /** Paths whose scan is another one now, those that are gone included. */
  private scanChanged(stale: Set<Language>): Set<string> {
    const changed = new Set<string>();
    const gone = new Set(this.sources.keys());
    for (const [path, language] of this.owned) {
      const known = this.sources.get(path);
      const stamp = this.input.stamp?.(path);
      const text = known && stamp !== undefined && stamp === known.stamp ? KEPT : this.input.read(path);
      if (text === undefined) continue;
      gone.delete(path);
      if (text === KEPT) continue;
      const scan = language.scan(text, path);
      if (known?.scan.declares !== scan.declares) stale.add(language);
      changed.add(path);
      this.sources.set(path, { stamp, language, scan, targets: known?.targets ?? new Map() });
    }
    for (const path of gone) {
      const language = this.sources.get(path)?.language;
      if (language !== undefined) stale.add(language);
      this.sources.delete(path);
      changed.add(path);
    }
    return changed;
  }

  private resolveAll(path: string, { language, scan }: Source): Map<string, ImportKind> {
    const { resolve } = this.resolverOf(language);
    const folder = posix.dirname(path);
    const targets = new Map<string, ImportKind>();
    for (const [specifier, kind] of scan.imports)
      for (const target of resolve(folder, specifier)) if (target !== path) note(targets, target, kind);
    return targets;
  }

  private resolverOf(language: Language): Resolver {
    const known = this.resolvers.get(language);
    if (known !== undefined) return known;
    const read: Resolver['read'] = new Map();
    const tree: Tree = {
      files: this.files,
      read: (path) => {
        const text = this.input.read(path);
        read.set(path, { stamp: this.input.stamp?.(path), digest: text === undefined ? undefined : digestOf(text) });
        return text;
      },
      declared: (path) => this.sources.get(path)?.scan.declares,
    };
    const made = { resolve: remembered(language.resolver(tree)), read };
    this.resolvers.set(language, made);
    return made;
  }

  private readAnythingElse({ read }: Resolver): boolean {
    for (const [path, known] of read) {
      const stamp = this.input.stamp?.(path);
      if (stamp !== undefined && stamp === known.stamp) continue;
      const text = this.input.read(path);
      if ((text === undefined ? undefined : digestOf(text)) !== known.digest) return true;
      known.stamp = stamp;
    }
    return false;
  }

  /** Files whose hand-written edges are, or were, others are touched. */
  private takeWritten(edges: readonly HandWrittenEdge[], sameFiles: boolean, touched: Set<string>): void {
    const key = JSON.stringify(edges.map(({ from, to, proposed }) => [from, to, proposed]));
    if (sameFiles && key === this.written.key) return;
    for (const path of this.written.edges.keys()) touched.add(path);
    this.written = { key, edges: writtenEdges(edges, this.files) };
    for (const path of this.written.edges.keys()) touched.add(path);
  }

  /** Enters the edges of the touched files, in both directions. */
  private connect(touched: ReadonlySet<string>): void {
    const { imports, importers } = this.edges;
    const other = new Map<string, Set<string>>();
    const importersOf = (path: string) => {
      const set = other.get(path) ?? new Set(importers.get(path));
      other.set(path, set);
      return set;
    };
    for (const from of touched) {
      const targets = new Map<string, ImportKind | 'written'>(this.sources.get(from)?.targets);
      for (const to of this.written.edges.get(from) ?? []) if (targets.get(to) !== 'value') targets.set(to, 'written');
      for (const to of imports.get(from)?.keys() ?? []) if (!targets.has(to)) importersOf(to).delete(from);
      for (const to of targets.keys()) importersOf(to).add(from);
      if (targets.size === 0) imports.delete(from);
      else imports.set(from, new Map([...targets].sort(([a], [b]) => (a < b ? -1 : 1))));
    }
    for (const [path, set] of other) {
      if (set.size === 0) importers.delete(path);
      else importers.set(path, [...set].sort());
    }
  }
}

const KEPT = Symbol('its stamp is the one of the last time');

function digestOf(text: string): string {
  return createHash('sha1').update(text).digest('base64url');
}

function same(a: ReadonlyMap<string, ImportKind>, b: ReadonlyMap<string, ImportKind>): boolean {
  if (a.size !== b.size) return false;
  for (const [path, kind] of a) if (b.get(path) !== kind) return false;
  return true;
}

/** Files of one folder import much the same. */
function remembered(resolve: Resolve): Resolve {
  const known = new Map<string, Map<string, readonly string[]>>();
  return (folder, specifier) => {
    let inFolder = known.get(folder);
    if (inFolder === undefined) {
      inFolder = new Map();
      known.set(folder, inFolder);
    }
    let files = inFolder.get(specifier);
    if (files === undefined) {
      files = resolve(folder, specifier);
      inFolder.set(specifier, files);
    }
    return files;
  };
}
