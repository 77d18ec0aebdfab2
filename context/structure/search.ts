/** What a structural rule (`{language, rule}`) finds in a file: the one face of ast-grep to the gate and to the lint. */
import type { SgNode } from '@ast-grep/napi';
import { grammarOf, languageNamed, unknownLanguage } from './languages.ts';
import { openParser, type Places } from './parsers.ts';
import { compile, type Matcher } from './pattern.ts';

export interface StructuralRule {
  language: string;
  /** A pattern, or a rule object of ast-grep. */
  rule: string | Record<string, unknown>;
}

export interface Found {
  /** 1-based; the last line of the match is `endLine`. */
  line: number;
  endLine: number;
  text: string;
  /** Its words and signs: the same for code that was only formatted anew. */
  code: string;
}

export type OpenedSearch =
  | { status: 'ready'; search: StructuralSearch }
  /** No rule of this language: `message` begins a sentence. */
  | { status: 'invalid'; message: string }
  /** It is being fetched, or could not be: both are sentences. */
  | { status: 'not_ready'; message: string; next: string };

export interface StructuralSearch {
  /** Of the language, for messages. */
  title: string;
  /** Whether the file is one of the language, by its name. */
  covers(path: string): boolean;
  /** In the order of the file, and none twice. */
  find(path: string, text: string): Found[];
}

export function openSearch({ language: name, rule }: StructuralRule, places?: Places): OpenedSearch {
  const language = languageNamed(name);
  if (!language) return { status: 'invalid', message: unknownLanguage(name) };
  const parser = openParser(language, places);
  if (parser.status === 'not_ready') return parser;
  const matchers = new Map<string, Matcher>();
  let fault: string | undefined;
  for (const grammar of new Set(Object.values(language.grammars))) {
    const compiled = compile(rule, language, grammar, parser.parse);
    if (compiled.ok) matchers.set(grammar, compiled.matcher);
    else fault ??= compiled.message;
  }
  // What is code in one grammar of a language only (a cast of TypeScript in TSX) cannot stand in files of the other.
  if (matchers.size === 0) return { status: 'invalid', message: fault ?? 'The rule cannot be read' };
  const matcherOf = (path: string) => matchers.get(grammarOf(language, path) ?? '');
  return {
    status: 'ready',
    search: {
      title: language.title,
      covers: (path) => matcherOf(path) !== undefined,
      find(path, text) {
        const grammar = grammarOf(language, path);
        const matcher = matcherOf(path);
        if (grammar === undefined || !matcher) return [];
        return parser
          .parse(grammar, text)
          .findAll(matcher)
          .map((node) => {
            const { start, end } = node.range();
            return { line: start.line + 1, endLine: end.line + 1, text: node.text(), code: leavesOf(node).join(' ') };
          });
      },
    },
  };
}

function leavesOf(node: SgNode): string[] {
  return node.isLeaf() ? [node.text()] : node.children().flatMap(leavesOf);
}

/** Begins to fetch what these rules need, so that it is there when they are judged. */
export function prepareSearches(rules: readonly StructuralRule[]): void {
  const needed = new Set(rules.map(({ language }) => languageNamed(language)));
  for (const language of needed) if (language) openParser(language);
}
