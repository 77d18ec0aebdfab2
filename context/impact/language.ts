/** What the import graph asks of a language, and what it gives it. One file per language in `languages/`. */

/** The files of one state of a repository: paths are relative to its root, with forward slashes. */
export interface Tree {
  files: ReadonlySet<string>;
  /** The text of a file; undefined when it is gone, a link, or too large to be source. */
  read(path: string): string | undefined;
  /** What a source of this language declares about itself, from its scan; undefined when it was not scanned. */
  declared?(path: string): string | undefined;
}

/**
 * How a file uses another. `value`: its code is loaded. `type`: only its types are read, at run time nothing is.
 * `mock`: a test puts something else in its place.
 */
export type ImportKind = 'value' | 'type' | 'mock';

/** What one text says. */
export interface Scan {
  /** Specifier as written → how it is used; where a file uses it in several ways, the strongest. */
  imports: ReadonlyMap<string, ImportKind>;
  /** What other files need to know to find this one, such as the package of a Java file; '' for most languages. */
  declares: string;
}

/** Files of the tree that `specifier`, written by a file in `folder`, stands for; empty when it is none of them. */
export type Resolve = (folder: string, specifier: string) => readonly string[];

export interface Language {
  /** For people: `TypeScript/JavaScript`. */
  title: string;
  /** True for the source files of this language. */
  owns(path: string): boolean;
  /** Ends of files that may use sources of this language, and whose imports are not read. */
  relatives: readonly string[];
  /** True for other files that the resolver reads, such as package.json. */
  reads(path: string): boolean;
  /** Pure. Of the path only the name counts, such as `_test.go`. */
  scan(text: string, path: string): Scan;
  /** A resolver for one tree. */
  resolver(tree: Tree): Resolve;
}

const STRENGTH: Record<ImportKind, number> = { type: 0, mock: 1, value: 2 };

/** Notes a use; a stronger one that is known already stays. */
export function note(imports: Map<string, ImportKind>, specifier: string, kind: ImportKind): void {
  const known = imports.get(specifier);
  if (known === undefined || STRENGTH[kind] > STRENGTH[known]) imports.set(specifier, kind);
}
