/** TypeScript and JavaScript: what a text imports, and which files of the tree that is. */
import { posix } from 'node:path';
import type { Language, Resolve, Tree } from '../language.ts';
import { codeOfComponent, isComponent } from './typescript/components.ts';
import { packagesIn } from './typescript/packages.ts';
import { probeIn } from './typescript/probe.ts';
import { scanImports } from './typescript/scan.ts';
import { pathMapper } from './typescript/tsconfig.ts';

const SOURCE = /\.[mc]?[jt]sx?$/;
/** package.json, tsconfig.json, and whatever name a tsconfig extends. */
const CONFIGURATION = /(?<!(?:^|\/)package-lock)\.json$/;
/** `..` and `./x/` never mean a file beside the folder. */
const FOLDER = /(?:^|\/)\.{0,2}$/;

export const typescript: Language = {
  title: 'TypeScript/JavaScript',
  owns: (path) => SOURCE.test(path) || isComponent(path),
  relatives: ['.mdx', '.coffee', '.marko'],
  reads: (path) => CONFIGURATION.test(path),
  scan: (text, path) => ({ imports: scanImports(isComponent(path) ? codeOfComponent(text) : text), declares: '' }),
  resolver,
};

/** In this order: relative, tsconfig `paths`, `#imports`, packages of the tree. */
function resolver(tree: Tree): Resolve {
  const probe = probeIn(tree.files);
  const packages = packagesIn(tree, probe);
  const mapped = pathMapper(tree, packages.folderOf);

  function fileOrFolder(path: string): readonly string[] {
    const files = probe(path);
    return files.length > 0 ? files : packages.resolveFolder(path.replace(/\/$/, ''));
  }

  return (folder, written) => {
    const specifier = written.replace(/(?<=.)\?.*$/, ''); // `./logo.svg?raw`
    if (/^\.{1,2}(?:\/|$)/.test(specifier)) {
      const path = posix.join(folder, specifier);
      if (path.startsWith('..')) return [];
      return fileOrFolder(FOLDER.test(specifier) ? posix.join(path, '/') : path);
    }
    for (const path of mapped(folder, specifier)) {
      const files = fileOrFolder(path);
      if (files.length > 0) return files;
    }
    return specifier.startsWith('#') ? packages.resolveInternal(folder, specifier) : packages.resolve(specifier);
  };
}
