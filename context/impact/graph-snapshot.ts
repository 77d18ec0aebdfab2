/** The import graph at one moment: who uses whom, and how. */
import type { ImportKind } from './language.ts';

/** How a file uses another; `written`: people say so in `impact-map.yaml`. */
export type EdgeKind = ImportKind | 'written';

export interface Graph {
  /** Source files in a language that is understood, sorted. */
  files: readonly string[];
  /** Number of edges, hand-written ones included. */
  readonly edges: number;
  /** Files that `path` uses, sorted. */
  importsOf(path: string): readonly string[];
  /** Files that use `path`, sorted. */
  importersOf(path: string): readonly string[];
  /** How `from` uses `to`; undefined when it does not. */
  kindOf(from: string, to: string): EdgeKind | undefined;
  /** True for every file of the tree, source or not. */
  has(path: string): boolean;
  /** False where the imports of a file are unknown: another language, too large, a link. */
  understands(path: string): boolean;
  /** How many files of the tree end in each of these; those that none does are left out. */
  count(endings: readonly string[]): Record<string, number>;
}

/** Both directions, sorted. */
export interface Edges {
  imports: Map<string, ReadonlyMap<string, EdgeKind>>;
  importers: Map<string, readonly string[]>;
}

export class GraphSnapshot implements Graph {
  readonly files: readonly string[];
  private readonly all: ReadonlySet<string>;
  private understood: ReadonlySet<string> | undefined;
  private readonly known: Edges;

  constructor(all: ReadonlySet<string>, understood: readonly string[], known: Edges) {
    this.all = all;
    this.files = understood;
    this.known = known;
  }

  get edges(): number {
    let edges = 0;
    for (const targets of this.known.imports.values()) edges += targets.size;
    return edges;
  }

  importsOf(path: string): readonly string[] {
    const targets = this.known.imports.get(path);
    return targets === undefined ? [] : [...targets.keys()];
  }

  importersOf(path: string): readonly string[] {
    return this.known.importers.get(path) ?? [];
  }

  kindOf(from: string, to: string): EdgeKind | undefined {
    return this.known.imports.get(from)?.get(to);
  }

  has(path: string): boolean {
    return this.all.has(path);
  }

  understands(path: string): boolean {
    this.understood ??= new Set(this.files);
    return this.understood.has(path);
  }

  count(endings: readonly string[]): Record<string, number> {
    const counts: Record<string, number> = {};
    if (endings.length === 0) return counts;
    for (const path of this.all)
      for (const ending of endings) if (path.endsWith(ending)) counts[ending] = (counts[ending] ?? 0) + 1;
    return counts;
  }
}
