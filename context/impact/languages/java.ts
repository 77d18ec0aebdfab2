/**
 * Java: a file is found by its package and the types that it declares. A specifier is a qualified name (`a.b.C`, perhaps
 * with members behind it), `a.b.*:X,Y` for the simple names that a text uses and that may come from a package without
 * being imported one by one (its own, or one imported with a star), or `module a.b` for a module that is required.
 */
import { type ImportKind, type Language, note, type Resolve, type Tree } from '../language.ts';

/** A string that never closes ends with its line (or the file): hostile text is read only once. */
const NOT_CODE = new RegExp(
  [
    /\/\/[^\n]*/,
    /\/\*[\s\S]*?(?:\*\/|$)/,
    /"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*(?:"""|$)/,
    /"[^"\\\n]*(?:\\.[^"\\\n]*)*"?/,
    /'[^'\\\n]*(?:\\.[^'\\\n]*)*'?/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);
const NAME = String.raw`[\p{L}_$][\p{L}\p{N}_$]*`;
const PACKAGE = new RegExp(String.raw`(?:^|[;\s])package\s+((?:${NAME}\s*\.\s*)*${NAME})\s*;`, 'u');
const IMPORT = new RegExp(String.raw`(?<=^|[;\s])import\s+(static\s+)?((?:${NAME}\s*\.\s*)*(?:${NAME}|\*))\s*;`, 'gu');
const TYPE_NAME = /(?<![\p{L}\p{N}_$.])\p{Lu}[\p{L}\p{N}_$]*/gu;
const QUALIFIED = /(?<![\p{L}\p{N}_$.])\p{Ll}[\p{L}\p{N}_$]*(?:\.\p{Ll}[\p{L}\p{N}_$]*)*\.\p{Lu}[\p{L}\p{N}_$]*/gu;
const DECLARED = /[{}]|(?<![\p{L}\p{N}_$.])(?:class|interface|enum|record)\s+([\p{L}_$][\p{L}\p{N}_$]*)/gu;
const MODULE = /(?:^|[;\s])module\s+([\w.]+)\s*\{/;
const REQUIRES = /(?<=[{;\s])requires\s+(?:(?:transitive|static)\s+)*([\w.]+)\s*;/g;

export const java: Language = {
  title: 'Java',
  owns: (path) => path.endsWith('.java'),
  relatives: ['.kt', '.kts', '.groovy', '.scala', '.clj'],
  reads: () => false,
  scan(text) {
    const imports = new Map<string, ImportKind>();
    const code = text.replace(NOT_CODE, (part) => (part.startsWith('/') ? ' ' : '""'));
    const module = MODULE.exec(code)?.[1];
    if (module !== undefined) {
      for (const [, name = ''] of code.matchAll(REQUIRES)) note(imports, `module ${name}`, 'value');
      for (const [name] of code.matchAll(QUALIFIED)) note(imports, name, 'value');
      return { imports, declares: `module ${module}` };
    }
    const own = bare(PACKAGE.exec(code)?.[1] ?? '');
    const body = code.replace(IMPORT, (_, isStatic: string | undefined, written: string) => {
      const name = bare(written);
      if (!name.endsWith('.*') || isStatic !== undefined) note(imports, name.replace(/\.\*$/, ''), 'value');
      else note(imports, name, 'value');
      return ' ';
    });
    const names = [...new Set(Array.from(body.matchAll(TYPE_NAME), ([name]) => name))].join(',');
    for (const name of [`${own}.*`, ...imports.keys()])
      if (name.endsWith('.*')) {
        imports.delete(name);
        if (names !== '') note(imports, `${name}:${names}`, 'value');
      }
    for (const [name] of body.matchAll(QUALIFIED)) note(imports, name, 'value');
    return { imports, declares: `${own} ${declaredTypes(body).join(',')}` };
  },
  resolver,
};

function bare(name: string): string {
  return name.replace(/\s+/g, '');
}

/** Types that stand at the top of a file: only these can be named without their outer type. */
function declaredTypes(code: string): string[] {
  const found: string[] = [];
  let depth = 0;
  for (const [part, name] of code.matchAll(DECLARED)) {
    if (part === '{') depth++;
    else if (part === '}') depth--;
    else if (depth === 0 && name !== undefined) found.push(name);
  }
  return found;
}

function resolver(tree: Tree): Resolve {
  /** Qualified name of a type, or `module NAME` → files that declare it, in several modules perhaps. */
  const types = new Map<string, string[]>();
  for (const path of tree.files) {
    const declares = java.owns(path) ? tree.declared?.(path) : undefined;
    if (declares === undefined) continue;
    const [own = '', names = ''] = declares.split(' ');
    const qualified =
      own === 'module' ? [declares] : names.split(',').map((name) => (own === '' ? name : `${own}.${name}`));
    for (const name of qualified) types.set(name, [...(types.get(name) ?? []), path]);
  }

  /** The longest part of the name that is a type; behind it stand members and inner types. */
  function find(name: string): readonly string[] {
    for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
      const found = types.get(name.slice(0, end));
      if (found !== undefined) return found;
    }
    return [];
  }

  return (folder, specifier) => {
    const star = specifier.indexOf('.*:');
    if (star < 0)
      return nearest(folder, specifier.startsWith('module ') ? (types.get(specifier) ?? []) : find(specifier));
    const own = specifier.slice(0, star);
    const names = specifier.slice(star + 3).split(',');
    return names.flatMap((name) => nearest(folder, types.get(own === '' ? name : `${own}.${name}`) ?? []));
  };
}

/** Where two modules declare the same type, the one that shares the most folders with the file is meant. */
function nearest(folder: string, files: readonly string[]): readonly string[] {
  if (files.length < 2) return files;
  const own = folder.split('/');
  const shared = (path: string) => {
    const parts = path.split('/');
    const index = parts.findIndex((part, at) => part !== own[at]);
    return index < 0 ? parts.length : index;
  };
  const best = Math.max(...files.map(shared));
  return files.filter((path) => shared(path) === best);
}
