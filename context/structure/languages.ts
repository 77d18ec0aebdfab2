/**
 * The languages that a structural rule may name: what people call them, which files are theirs, and which packages parse
 * them. The web's own come with ast-grep; each other is one package, fetched when a rule first asks for it.
 */
import { nearest } from '../nearest.ts';

/** ast-grep, and the packages of its languages: versions that were tried together. */
export const AST_GREP = '@ast-grep/napi';
export const AST_GREP_VERSION = '0.51.2';

export interface Wrapping {
  /** Source with `%` in the place of the pattern. */
  around: string;
  /** Only what is one of these there is meant; otherwise anything. */
  kinds?: readonly string[];
}

export interface Language {
  /** In messages. */
  title: string;
  /** What a rule may call it, in lower case; the first is the usual one. */
  names: readonly [string, ...string[]];
  /** ast-grep's name of the grammar for each extension of its files. */
  grammars: Readonly<Record<string, string>>;
  /** Missing where ast-grep parses it by itself. */
  package?: { name: string; version: string };
  /** What stands for the `$` of a metavariable while a pattern is parsed: a letter, where `$` is none in the language. */
  sigil: string;
  /** Where else than at the top of a file a pattern may be meant: there the same text can be something else. */
  wrappings: readonly Wrapping[];
}

const MEMBERS: readonly Wrapping[] = [
  { around: '({ % })', kinds: ['pair', 'method_definition'] },
  { around: 'class _ { % }', kinds: ['method_definition', 'field_definition', 'public_field_definition'] },
];

function web(title: string, names: [string, ...string[]], grammars: Record<string, string>): Language {
  return { title, names, grammars, sigil: '$', wrappings: MEMBERS };
}

type Rest = { sigil: string; wrappings?: readonly Wrapping[] };

/** A language of a package `@ast-grep/lang-<first name>`. */
function packaged(
  title: string,
  names: [string, ...string[]],
  extensions: readonly string[],
  version: string,
  { sigil, wrappings = [] }: Rest,
): Language {
  const [name] = names;
  return {
    title,
    names,
    grammars: Object.fromEntries(extensions.map((extension) => [extension, name])),
    package: { name: `@ast-grep/lang-${name}`, version },
    sigil,
    wrappings,
  };
}

const inFunction: readonly Wrapping[] = [{ around: 'void _() { %; }' }, { around: 'void _() { % }' }];

export const LANGUAGES: readonly Language[] = [
  web('TypeScript', ['typescript', 'ts'], { ts: 'TypeScript', mts: 'TypeScript', cts: 'TypeScript', tsx: 'Tsx' }),
  web('TSX', ['tsx'], { tsx: 'Tsx' }),
  web('JavaScript', ['javascript', 'js', 'jsx', 'mjs', 'cjs'], {
    js: 'JavaScript',
    mjs: 'JavaScript',
    cjs: 'JavaScript',
    jsx: 'JavaScript',
  }),
  { ...web('HTML', ['html', 'htm'], { html: 'Html', htm: 'Html' }), sigil: 'z', wrappings: [] },
  { ...web('CSS', ['css'], { css: 'Css' }), sigil: '_', wrappings: [{ around: 'a { % }' }, { around: 'a { %; }' }] },
  packaged('Python', ['python', 'py'], ['py', 'pyi'], '0.0.6', { sigil: 'µ' }),
  packaged('Go', ['go', 'golang'], ['go'], '0.0.6', { sigil: 'µ', wrappings: [{ around: 'func _() { % }' }] }),
  packaged('Java', ['java'], ['java'], '0.0.7', {
    sigil: '$',
    wrappings: [
      { around: 'class _ { % }', kinds: ['method_declaration', 'field_declaration', 'constructor_declaration'] },
    ],
  }),
  packaged('Rust', ['rust', 'rs'], ['rs'], '0.0.7', { sigil: 'µ', wrappings: [{ around: 'fn _() { % }' }] }),
  packaged('Ruby', ['ruby', 'rb'], ['rb', 'rake', 'gemspec'], '0.0.7', { sigil: 'µ' }),
  packaged('Kotlin', ['kotlin', 'kt'], ['kt', 'kts'], '0.0.7', { sigil: 'µ' }),
  packaged('C#', ['csharp', 'cs', 'c#'], ['cs'], '0.0.6', {
    sigil: 'µ',
    wrappings: [
      { around: 'class _ { % }', kinds: ['method_declaration', 'property_declaration', 'field_declaration'] },
    ],
  }),
  packaged('PHP', ['php'], ['php'], '0.0.7', {
    sigil: '$',
    wrappings: [{ around: '<?php %;' }, { around: '<?php %' }],
  }),
  packaged('C', ['c'], ['c', 'h'], '0.0.6', { sigil: '_', wrappings: inFunction }),
  packaged('C++', ['cpp', 'c++', 'cc', 'cxx'], ['cpp', 'cc', 'cxx', 'hpp', 'hh', 'h'], '0.0.6', {
    sigil: '_',
    wrappings: inFunction,
  }),
  packaged('Bash', ['bash', 'sh', 'shell'], ['sh', 'bash'], '0.0.8', { sigil: '$' }),
  packaged('Swift', ['swift'], ['swift'], '0.0.8', { sigil: 'µ' }),
  packaged('Scala', ['scala'], ['scala', 'sc', 'sbt'], '0.0.7', { sigil: '$' }),
  packaged('Elixir', ['elixir', 'ex'], ['ex', 'exs'], '0.0.7', { sigil: 'µ' }),
  packaged('Lua', ['lua'], ['lua'], '0.0.7', { sigil: '$' }),
  packaged('YAML', ['yaml', 'yml'], ['yaml', 'yml'], '0.0.6', { sigil: '$' }),
  packaged('SQL', ['sql'], ['sql'], '0.0.8', { sigil: '_' }),
];

/** In any case of letters; undefined where no language is called so. */
export function languageNamed(name: string): Language | undefined {
  const wanted = name.trim().toLowerCase();
  return LANGUAGES.find(({ names }) => names.includes(wanted));
}

/** `Unknown language "pyton"; the nearest known is "python"` */
export function unknownLanguage(name: string): string {
  const close = nearest(
    name,
    LANGUAGES.flatMap(({ names }) => names),
  );
  return `Unknown language ${JSON.stringify(name.slice(0, 80))}; the nearest known is ${JSON.stringify(close)}`;
}

/** ast-grep's grammar for a file, where the file is one of this language. */
export function grammarOf(language: Language, path: string): string | undefined {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(language.grammars, extension) ? language.grammars[extension] : undefined;
}
