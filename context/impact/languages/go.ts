/**
 * Go: a package is a folder, and using it means using all of its files. A specifier is an import path, `package NAME` for
 * the files that one shares a package with, or `embed PATTERN` for a `//go:embed` line.
 */
import { posix } from 'node:path';
import { matches } from '../../path-rules.ts';
import { type ImportKind, type Language, note, type Resolve, type Tree } from '../language.ts';

const PACKAGE = /package\s+([\p{L}_][\p{L}\p{N}_]*)/uy;
const EMBED = /^\/\/go:embed[ \t]+(.+)$/gm;

export const go: Language = {
  title: 'Go',
  owns: (path) => path.endsWith('.go'),
  relatives: [],
  reads: (path) => posix.basename(path) === 'go.mod',
  scan(text, path) {
    const imports = new Map<string, ImportKind>();
    PACKAGE.lastIndex = afterBlank(text, text.startsWith('\uFEFF') ? 1 : 0);
    const name = PACKAGE.exec(text)?.[1] ?? '';
    if (name !== '') {
      const end = PACKAGE.lastIndex;
      note(imports, `${path.endsWith('_test.go') ? 'test' : 'package'} ${name}`, 'value');
      for (const specifier of importedPaths(text, end)) note(imports, specifier, 'value');
    }
    if (text.includes('//go:embed'))
      for (const [, patterns = ''] of text.matchAll(EMBED))
        for (const [, quoted, raw, plain] of patterns.matchAll(/"([^"]*)"|`([^`]*)`|(\S+)/g))
          note(imports, `embed ${quoted ?? raw ?? plain}`, 'value');
    return { imports, declares: name };
  },
  resolver,
};

/** Imports stand before everything else, so that no string or comment further down can look like one. */
function importedPaths(text: string, from: number): string[] {
  const found: string[] = [];
  let at = afterBlank(text, from);
  while (/^import\b/.test(text.slice(at, at + 7))) {
    at = afterBlank(text, at + 6);
    const block = text[at] === '(';
    if (block) at++;
    for (let done = false; !done; done = !block) {
      at = afterBlank(text, at);
      while (at < text.length && !'"`)\n;'.includes(text[at] ?? '')) at = afterBlank(text, at + 1); // another name, `_` or `.`
      const quote = text[at];
      if (quote !== '"' && quote !== '`') break;
      const end = text.indexOf(quote, at + 1);
      if (end < 0) return found;
      found.push(text.slice(at + 1, end));
      at = end + 1;
    }
    if (block && text[at] === ')') at++;
    at = afterBlank(text, at);
  }
  return found;
}

/** The next character that is no white space, `;` or comment. */
function afterBlank(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    if (text.startsWith('//', at)) at = endOr(text, text.indexOf('\n', at), 0);
    else if (text.startsWith('/*', at)) at = endOr(text, text.indexOf('*/', at + 2), 1);
    else if (!/[\s;]/.test(text[at] ?? '')) break;
  }
  return Math.min(at, text.length);
}

function endOr(text: string, index: number, more: number): number {
  return index < 0 ? text.length : index + more;
}

interface Module {
  /** Import path of the module's root; '' for Go's own library, whose packages have no prefix. */
  prefix: string;
  folder: string;
}

function resolver(tree: Tree): Resolve {
  const folders = new Map<string, string[]>();
  const modules: Module[] = [];
  const replaced = new Map<string, string>();
  for (const path of tree.files) {
    const folder = posix.dirname(path);
    if (path.endsWith('.go')) folders.set(folder, [...(folders.get(folder) ?? []), path]);
    else if (posix.basename(path) === 'go.mod') readModule(tree.read(path) ?? '', folder, modules, replaced);
  }
  for (const [prefix, folder] of replaced) modules.push({ prefix, folder });
  modules.sort((a, b) => b.prefix.length - a.prefix.length || (a.folder < b.folder ? -1 : 1));

  /** What an importer gets: never the tests, never another package of the folder such as `main` of a generator. */
  const packageIn = (folder: string) => {
    const sources = (folders.get(folder) ?? []).filter((path) => !path.endsWith('_test.go'));
    const names = new Set(sources.map((path) => tree.declared?.(path)));
    return names.size > 1 ? sources.filter((path) => tree.declared?.(path) !== 'main') : sources;
  };

  function imported(folder: string, specifier: string): readonly string[] {
    if (specifier.startsWith('./') || specifier.startsWith('../')) return packageIn(posix.join(folder, specifier));
    for (let current = folder; ; current = posix.dirname(current)) {
      const vendored = packageIn(posix.join(current, 'vendor', specifier));
      if (vendored.length > 0) return vendored;
      if (current === '.') break;
    }
    for (const { prefix, folder: root } of modules) {
      const inside = prefix === '' || specifier === prefix || specifier.startsWith(`${prefix}/`);
      if (!inside) continue;
      const found = packageIn(posix.join(root, prefix === '' ? specifier : specifier.slice(prefix.length)));
      if (found.length > 0) return found;
    }
    return [];
  }

  return (folder, specifier) => {
    const [word = '', rest] = specifier.split(/ (.*)/s);
    if (rest === undefined) return imported(folder, specifier);
    switch (word) {
      case 'package':
        return (folders.get(folder) ?? []).filter(
          (path) => !path.endsWith('_test.go') && tree.declared?.(path) === rest,
        );
      case 'test':
        return (folders.get(folder) ?? []).filter((path) => tree.declared?.(path) === rest);
      case 'embed':
        return embedded(tree, folder, rest.replace(/^all:/, ''));
      default:
        return [];
    }
  };
}

/** `module x`, and `replace x => ../y`, in lines or in blocks. */
function readModule(text: string, folder: string, modules: Module[], replaced: Map<string, string>): void {
  const plain = text.replace(/\/\/[^\n]*/g, '');
  const name = /^\s*module\s+["`]?([^\s"`]+)/m.exec(plain)?.[1];
  if (name !== undefined) modules.push({ prefix: name === 'std' ? '' : name, folder });
  for (const [, from = '', to = ''] of plain.matchAll(/^\s*(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>\s+(\.{1,2}\/\S*)/gm)) {
    const target = posix.join(folder, to).replace(/\/$/, '');
    if (!target.startsWith('..')) replaced.set(from.replace(/["`]/g, ''), target);
  }
}

/** A name stands for a file or for all of a folder. */
function embedded(tree: Tree, folder: string, pattern: string): string[] {
  const path = posix.join(folder, pattern);
  if (tree.files.has(path)) return [path];
  return [...tree.files].filter((file) => file.startsWith(`${path}/`) || matches([path], file)).sort();
}
