/**
 * ast-grep itself: 9 MB of native code per platform that no bundle holds. It is found among the project's own modules in
 * development, else in the data folder, where it is installed once, in the background, as SQLite's native part is.
 *
 * A process can tell one copy of ast-grep only once which languages it shall know, so every packaged language is
 * installed together with a copy of its own.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SgNode } from '@ast-grep/napi';
import { dataFolders } from '../../store/data-folders.ts';
import { NativePartError } from '../../store/errors.ts';
import { type Installable, installation, installed, isBegun } from '../../store/package-install.ts';
import { AST_GREP, AST_GREP_VERSION, LANGUAGES, type Language } from './languages.ts';

/** Source text to its syntax tree, in one of ast-grep's grammars. */
export type Parse = (grammar: string, text: string) => SgNode;

export type Parser =
  | { status: 'ready'; parse: Parse }
  /** `message` is a sentence; `next` says what to do. */
  | { status: 'not_ready'; message: string; next: string };

/** Where ast-grep may lie; tests give other places. */
export interface Places {
  /** Modules of a checkout, found upwards from here; undefined: not there. */
  modules: string | undefined;
  data: readonly [string, ...string[]];
  npm: string;
}

const loaded = new Map<string, Parse>();

/** Never waits: where the parser has to be fetched first, that is begun, and the answer says so. */
export function openParser(language: Language, places?: Places): Parser {
  const { modules, data, npm } = places ?? {
    modules: import.meta.url,
    data: dataFolders(),
    npm: 'npm',
  };
  const what = installable(language);
  const known = places ? undefined : loaded.get(what.key);
  if (known) return { status: 'ready', parse: known };
  try {
    const parse =
      (modules === undefined ? undefined : loadFrom(modules, language)) ??
      data.map((folder) => installed(folder, what)).find((found) => found !== undefined) ??
      installation(data.find((folder) => isBegun(folder, what)) ?? data[0], what, npm);
    if (!places) loaded.set(what.key, parse);
    return { status: 'ready', parse };
  } catch (error) {
    if (error instanceof NativePartError) return { status: 'not_ready', message: error.message, next: error.next };
    throw error;
  }
}

function installable(language: Language): Installable<Parse> {
  const { package: own, title } = language;
  const name = `The parser of structural rules (ast-grep${own ? `, for ${title}` : ''})`;
  const versions = own ? [AST_GREP_VERSION, own.name.replace(/^.*\//, ''), own.version] : [AST_GREP_VERSION];
  return {
    name,
    key: ['ast-grep', ...versions, process.platform, process.arch].join('-'),
    dependencies: { [AST_GREP]: AST_GREP_VERSION, ...(own ? { [own.name]: own.version } : {}) },
    scripts: false,
    instead: 'A rule with regex needs no parser.',
    load: (folder) => loadFrom(join(folder, 'package.json'), language),
  };
}

interface AstGrep {
  parse(language: string, text: string): { root(): SgNode };
  registerDynamicLanguage(languages: Record<string, unknown>): void;
}

/** Every copy that was told its languages, by the path of its entry file. */
const told = new Map<string, AstGrep>();

/** Undefined when ast-grep or the language is not there, or is not built for this system. */
function loadFrom(from: string, language: Language): Parse | undefined {
  try {
    const require = createRequire(from);
    const file = require.resolve(AST_GREP);
    if (language.package) require.resolve(language.package.name);
    const astGrep = told.get(file) ?? (require(file) as AstGrep);
    if (!told.has(file)) astGrep.registerDynamicLanguage(languagesFrom(require));
    told.set(file, astGrep);
    const parse: Parse = (grammar, text) => astGrep.parse(grammar, text).root();
    for (const grammar of Object.values(language.grammars)) parse(grammar, '');
    return parse;
  } catch {
    return undefined;
  }
}

/** Of all packaged languages, those that lie beside this copy and are built for this system. */
function languagesFrom(require: NodeJS.Require): Record<string, unknown> {
  return Object.fromEntries(
    LANGUAGES.flatMap(({ package: own, names: [name] }) => {
      try {
        const description = own && (require(own.name) as { libraryPath: string });
        return description?.libraryPath ? [[name, description]] : [];
      } catch {
        return [];
      }
    }),
  );
}
