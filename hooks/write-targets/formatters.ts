/** Formatters and fixers: the files that they rewrite. */
import { operandsOf, subCommands } from '../commands/operands.ts';
import type { SimpleCommand, Word } from '../shell.ts';

interface Formatter {
  /** It rewrites only with one of these options; left out: always. */
  with?: RegExp;
  /** … and never with one of these. */
  without?: RegExp;
  /** Sub-commands that rewrite. */
  sub?: RegExp;
  /** Options that take a value. */
  valued?: RegExp;
}

const CHECKS =
  /^(-check|-diff|--check|--diff|-c|-d|-l|-n|--list-different|--dry-run|--version|--help|-h|--check-only|--stdin-filename.*|--stdin-filepath.*|-)$/;
const FORMATTERS: Readonly<Record<string, Formatter>> = {
  prettier: { with: /^(--write|-w)$/, valued: /^(--config|--parser|--ignore-path|--plugin|--log-level)$/ },
  eslint: {
    with: /^--fix$/,
    valued:
      /^(-c|--config|--ext|--rule|-f|--format|--max-warnings|--ignore-path|--ignore-pattern|--plugin|--env|--parser|--cache-location)$/,
  },
  biome: { with: /^(--write|--fix|--apply|--apply-unsafe)$/, sub: /^(check|format|lint|ci)/ },
  oxlint: { with: /^--fix/ },
  standard: { with: /^--fix$/ },
  xo: { with: /^--fix$/ },
  stylelint: { with: /^--fix/ },
  tslint: { with: /^--fix$/ },
  dprint: { sub: /^fmt/ },
  ruff: {
    sub: /^(format|check .*|check$|\S)/,
    valued: /^(--select|--ignore|--config|--line-length|--target-version|--extend-select|--output-format)$/,
  },
  black: { without: CHECKS, valued: /^(-l|--line-length|-t|--target-version|--config|-c|--code)$/ },
  isort: { without: CHECKS, valued: /^(--profile|-l|--settings-path|--sp)$/ },
  autopep8: { with: /^(-i|--in-place)$/ },
  yapf: { with: /^(-i|--in-place)$/ },
  autoflake: { with: /^(-i|--in-place)$/ },
  pyupgrade: {},
  gofmt: { with: /^-w$/ },
  goimports: { with: /^-w$/ },
  gofumpt: { with: /^-w$/ },
  'golangci-lint': { with: /^--fix$/, sub: /^run/ },
  rustfmt: { without: CHECKS, valued: /^(--edition|--config|--config-path)$/ },
  'clang-format': { with: /^-i$/ },
  shfmt: { with: /^-\w*w\w*$/ },
  rubocop: { with: /^(-a|-A|--auto-correct|--autocorrect|--autocorrect-all|-x)$/ },
  standardrb: { with: /^--fix/ },
  phpcbf: {},
  'php-cs-fixer': { sub: /^fix/, without: CHECKS },
  ktlint: { with: /^(-F|--format)$/ },
  terraform: { sub: /^fmt/, without: CHECKS },
  jscodeshift: { without: /^(-d|--dry)$/, valued: /^(-t|--transform|--parser|--extensions)$/ },
  codemod: {},
  comby: { with: /^(-i|-in-place)$/ },
  sd: {},
  'ast-grep': { with: /^(-U|--update-all)$/ },
  sg: { with: /^(-U|--update-all)$/ },
  '2to3': { with: /^-w$/ },
};
const HERE: Word = { text: '.', literal: true };

export function formatted(command: SimpleCommand, name: string): Word[] {
  const words = command.words.slice(1);
  const texts = words.map((word) => word.text);
  if (wholeProject(name, texts)) return [HERE];
  const formatter = Object.hasOwn(FORMATTERS, name) ? FORMATTERS[name] : undefined;
  if (!formatter) return [];
  if (formatter.with && !texts.some((text) => formatter.with?.test(text))) return [];
  if (formatter.without && texts.some((text) => formatter.without?.test(text))) return [];
  if (name === 'ruff' && !ruffWrites(texts)) return [];
  let operands = operandsOf(command).filter(
    (word) => !formatter.valued?.test(words[words.indexOf(word) - 1]?.text ?? ''),
  );
  if (formatter.sub) {
    const sub = subCommands(command)[0]?.[0];
    if (!sub || !formatter.sub.test(sub.text)) return [];
    operands = operands.filter((word) => word !== sub);
  }
  if (name === 'sd') operands = operands.slice(2);
  return operands.length > 0 ? operands : [HERE];
}

function ruffWrites(texts: string[]): boolean {
  if (texts.includes('format')) return !texts.some((text) => /^(--check|--diff)$/.test(text));
  return texts.some((text) => /^(--fix|--unsafe-fixes|--fix-only|--add-noqa)$/.test(text)) && !texts.includes('--diff');
}

/** Tools that rewrite the whole project they stand in. */
function wholeProject(name: string, texts: string[]): boolean {
  const checks = texts.some((text) => /^(--check|--diff|-d|-n|--dry-run|-l)$/.test(text));
  if (checks) return false;
  if (name === 'cargo') return /^(fmt|fix)$/.test(texts[0] ?? '') || (texts[0] === 'clippy' && texts.includes('--fix'));
  if (name === 'go') return texts[0] === 'fmt' || texts[0] === 'fix';
  if (name === 'dotnet') return texts[0] === 'format';
  if (name === 'mix') return texts[0] === 'format';
  if (name === 'deno') return texts[0] === 'fmt' || (texts[0] === 'lint' && texts.includes('--fix'));
  if (name === 'dart') return texts[0] === 'format' || (texts[0] === 'fix' && texts.includes('--apply'));
  if (/^gradlew?$/.test(name)) return texts.includes('spotlessApply');
  if (name === 'mvn' || name === 'mvnw')
    return texts.some((text) => /spotless:apply|fmt:format|versions:set/.test(text));
  return name === 'pre-commit' && texts[0] === 'run' && texts.includes('--all-files');
}
