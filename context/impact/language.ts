/** What the import graph asks of a language, and what it gives it. One file per language in `languages/`. */

/** The files of one state of a repository: paths are relative to its root, with forward slashes. */
export interface Tree {
  files: ReadonlySet<string>;
  /** The text of a file; undefined when it is gone, a link, or too large to be source. */
  read(path: string): string | undefined;
}

/** Files of the tree that `specifier`, written by a file in `folder`, stands for; empty when it is none of them. */
export type Resolve = (folder: string, specifier: string) => readonly string[];

export interface Language {
  /** Part of the cache key: change it whenever `specifiers` answers differently for the same text. */
  name: string;
  /** True for the source files of this language. */
  owns(path: string): boolean;
  /** True for other files that the resolver reads, such as package.json. */
  reads(path: string): boolean;
  /** What one text imports, as written; pure, so that it can be cached by content. */
  specifiers(text: string): string[];
  /** A resolver for one tree. */
  resolver(tree: Tree): Resolve;
}
