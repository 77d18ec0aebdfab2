/**
 * Python: what a text imports, and which files of the tree that is. A specifier is written `a.b` for `import a.b` and
 * `a.b:c` for `from a.b import c` (leading dots kept), so that it can be resolved later, in another tree.
 */
import { posix } from 'node:path';
import { type ImportKind, type Language, note, type Resolve, type Tree } from '../language.ts';

/** Comments and strings. One that never closes ends with its line (or the file): hostile text is read only once. */
const STRINGS_AND_COMMENTS = new RegExp(
  [
    /#[^\n]*/,
    /"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*(?:"""|$)/,
    /'''[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*(?:'''|$)/,
    /"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"?/,
    /'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'?/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);
const FROM =
  /from(?:[ \t]+|(?=\.))([\p{L}\p{N}_.]+)[ \t]*(?<![\p{L}\p{N}_])import\b[ \t]*(\([^()]{0,20000}\)|[^;\n]*)/u;
const IMPORT = new RegExp(`(?:^|[;:])[ \\t\\f]*(?:${FROM.source}|import[ \\t]+([^;\\n]*))`, 'gmu');
/** Modules named in a string: imported at run time, or patched in a test. */
const BY_NAME = /\b(import_module|__import__|patch(?:\.dict|\.multiple)?|setattr)\(\s*[rbu]?["']([\w.]+)["']/g;
const TYPE_CHECKING = /^([ \t]*)if[ \t]*\(?[ \t]*(?:[\w.]+\.)?TYPE_CHECKING[ \t]*\)?[ \t]*:/gm;
/** What pytest gives fixtures of the conftest.py beside it and in the folders above. */
const USES_FIXTURES = /^[ \t]*(?:(?:async[ \t]+)?def[ \t]+test|@pytest\.fixture)/m;
const FIXTURES = '<fixtures>';

export const python: Language = {
  title: 'Python',
  owns: (path) => /\.pyi?$/.test(path),
  relatives: ['.pyx', '.ipynb'],
  reads: () => false,
  scan: (text) => ({ imports: importsOf(text), declares: '' }),
  resolver,
};

function importsOf(text: string): Map<string, ImportKind> {
  const found = new Map<string, ImportKind>();
  const code = text
    .replace(STRINGS_AND_COMMENTS, (part) => (part.startsWith('#') ? '' : '""'))
    .replace(/\\\r?\n/g, ' ');
  const typeOnly = code.includes('TYPE_CHECKING') ? typeCheckingBlocks(code) : [];
  for (const { 1: from, 2: names = '', 3: modules, index } of code.matchAll(IMPORT)) {
    const kind = typeOnly.some(([start, end]) => index >= start && index < end) ? 'type' : 'value';
    if (from === undefined) for (const name of listed(modules ?? '')) note(found, name, kind);
    else for (const name of listed(names)) note(found, `${from}:${name}`, kind);
  }
  if (/import_module|__import__|patch|setattr\(/.test(text))
    for (const [, how = '', name = ''] of text.matchAll(BY_NAME))
      note(found, name, /^(?:patch|setattr)/.test(how) ? 'mock' : 'value');
  if (USES_FIXTURES.test(code)) note(found, FIXTURES, 'value');
  return found;
}

/** Start and end of what stands under `if TYPE_CHECKING:`: the rest of the line and the lines further in. */
function typeCheckingBlocks(code: string): Array<[start: number, end: number]> {
  return [...code.matchAll(TYPE_CHECKING)].map(({ 0: head, 1: indent = '', index }) => {
    const start = index + head.length - 1;
    let end = code.indexOf('\n', start);
    while (end >= 0) {
      const line = code.slice(end + 1, nextLine(code, end + 1));
      if (line.trim() !== '' && (/^[ \t]*/.exec(line)?.[0].length ?? 0) <= indent.length) break;
      end = code.indexOf('\n', end + 1);
    }
    return [start, end < 0 ? code.length : end];
  });
}

function nextLine(code: string, at: number): number {
  const end = code.indexOf('\n', at);
  return end < 0 ? code.length : end;
}

/** `(a as b, c.d,)` → `a`, `c.d` */
function listed(names: string): string[] {
  return names
    .replace(/[()]/g, ' ')
    .split(',')
    .map((name) => /^\s*([\p{L}\p{N}_.]+|\*)/u.exec(name)?.[1] ?? '')
    .filter((name) => name !== '');
}

/**
 * Absolute names are looked up from every folder that can be on Python's path: one that holds modules or packages and
 * is no package itself (the root, `src/`, a folder of scripts or tests, the parent of a namespace package). Folders above
 * the importing file come first, the nearest before all.
 */
function resolver(tree: Tree): Resolve {
  const modules = new Modules(tree.files);
  return (folder, specifier) => modules.resolve(folder, specifier);
}

class Modules {
  private readonly files: ReadonlySet<string>;
  private readonly folders = new Set<string>();
  /** Top-level name → folders that it can be imported from. */
  private readonly roots = new Map<string, string[]>();

  constructor(files: ReadonlySet<string>) {
    this.files = files;
    for (const path of files) if (python.owns(path)) this.add(path);
  }

  resolve(folder: string, specifier: string): string[] {
    if (specifier === FIXTURES) return this.fixtures(folder);
    const [module = '', name] = specifier.split(':');
    const dots = /^\.*/.exec(module)?.[0].length ?? 0;
    const parts = module.slice(dots).split('.').filter(Boolean);
    if (dots === 0) return this.resolveAbsolute(folder, parts, name);
    let base = folder;
    for (let up = 1; up < dots; up++) {
      if (base === '.') return [];
      base = posix.dirname(base);
    }
    return this.inside(base, parts, name, folder).files;
  }

  private fixtures(folder: string): string[] {
    const found: string[] = [];
    for (let current = folder; ; current = posix.dirname(current)) {
      const path = posix.join(current, 'conftest.py');
      if (this.files.has(path)) found.push(path);
      if (current === '.') return found;
    }
  }

  private resolveAbsolute(folder: string, parts: string[], name: string | undefined): string[] {
    let best: { depth: number; files: string[] } = { depth: 0, files: [] };
    const roots = this.roots.get(parts[0] ?? '') ?? [];
    for (const root of roots.length > 1 ? [...roots].sort(byNearness(folder)) : roots) {
      const found = this.inside(root, parts, name, folder);
      if (found.depth > best.depth) best = found;
      if (found.depth > parts.length || (found.depth === parts.length && name === undefined)) break;
    }
    return best.files;
  }

  /**
   * Files of the module `parts` below `root`, with the `__init__` of each package on the way (those that already hold
   * the importing file excepted: it was not reached without them) and the submodule `name`. `depth` is how many names
   * were found; the rest may be attributes.
   */
  private inside(root: string, parts: string[], name: string | undefined, importer: string) {
    const files: string[] = [];
    let path = root;
    let depth = 0;
    for (const [index, part] of parts.entries()) {
      path = posix.join(path, part);
      const own = this.module(path);
      if (own.length === 0 && !this.folders.has(path)) return { depth, files };
      depth = index + 1;
      const target = index === parts.length - 1;
      if (target || !holds(path, importer)) files.push(...own);
    }
    if (parts.length === 0) files.push(...this.module(path));
    if (name === undefined || name === '*') return { depth, files };
    const submodule = this.module(posix.join(path, name));
    if (submodule.length === 0) return { depth: files.length > 0 ? depth + 1 : depth, files };
    return { depth: depth + 1, files: [...files, ...submodule] };
  }

  /** Source and stub of a module, or the `__init__` of a package. */
  private module(path: string): string[] {
    const found = [`${path}/__init__.py`, `${path}/__init__.pyi`].filter((file) => this.files.has(file));
    const names = found.length > 0 ? found : [`${path}.py`, `${path}.pyi`].filter((file) => this.files.has(file));
    return path === '.' ? ['__init__.py'].filter((file) => this.files.has(file)) : names;
  }

  private add(path: string): void {
    const name = posix.basename(path).replace(/\.pyi?$/, '');
    let folder = posix.dirname(path);
    if (name !== '__init__') this.addRoot(name, folder);
    while (folder !== '.' && !this.folders.has(folder)) {
      this.folders.add(folder);
      this.addRoot(posix.basename(folder), posix.dirname(folder));
      folder = posix.dirname(folder);
    }
  }

  private addRoot(name: string, folder: string): void {
    if (folder !== '.' && this.module(folder).some((file) => /\/__init__\.pyi?$/.test(file))) return;
    const roots = this.roots.get(name);
    if (roots === undefined) this.roots.set(name, [folder]);
    else if (!roots.includes(folder)) roots.push(folder);
  }
}

function holds(folder: string, path: string): boolean {
  return folder === path || path.startsWith(`${folder}/`);
}

/** Folders above `folder` first, the nearest before all; then those that share the most with it. */
function byNearness(folder: string): (a: string, b: string) => number {
  const rank = (root: string): number => {
    if (root === '.' || holds(root, folder)) return 1000 + (root === '.' ? 0 : root.split('/').length);
    const own = folder.split('/');
    const index = root.split('/').findIndex((part, at) => part !== own[at]);
    return index < 0 ? 0 : index;
  };
  return (a, b) => rank(b) - rank(a) || a.length - b.length || (a < b ? -1 : 1);
}
