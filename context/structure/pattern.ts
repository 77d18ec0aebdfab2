/**
 * A person's pattern to what ast-grep matches by. A pattern is parsed alone, and also where code of its kind stands: Go
 * reads `fmt.Println($A)` at the top of a file as a conversion, and only inside a function as a call. What is no whole
 * piece of code in any of these places is refused, for it would silently match nothing.
 */
import type { SgNode } from '@ast-grep/napi';
import type { Language } from './languages.ts';
import type { Parse } from './parsers.ts';

/** Of ast-grep's matchers, those that are made here. */
export type Matcher = { rule: Record<string, unknown> };

export type Compiled = { ok: true; matcher: Matcher } | { ok: false; message: string };

/** `rule`: a pattern, or a rule object of ast-grep. */
export function compile(
  rule: string | Record<string, unknown>,
  language: Language,
  grammar: string,
  parse: Parse,
): Compiled {
  if (typeof rule === 'string') return compilePattern(rule, language, grammar, parse);
  for (const pattern of patternsIn(rule)) {
    const inner = compilePattern(pattern, language, grammar, parse);
    if (!inner.ok) return inner;
  }
  return tried({ rule }, grammar, parse);
}

function compilePattern(pattern: string, language: Language, grammar: string, parse: Parse): Compiled {
  const text = pattern.trim();
  const [alone, ...wrapped] = [{ around: '%' }, ...language.wrappings].map(({ around, kinds }) => {
    const before = around.slice(0, around.indexOf('%'));
    const context = `${before}${text}${around.slice(before.length + 1)}`;
    const found = locate(context, before.length, text, language.sigil, grammar, parse);
    if (!found || (kinds && !kinds.includes(found.kind))) return undefined;
    return { ...found, context };
  });
  const seen = new Set<string>();
  const places = [alone, ...wrapped].flatMap((place) => {
    if (!place || seen.has(place.shape)) return [];
    seen.add(place.shape);
    return [place];
  });
  if (places.length === 0) return { ok: false, message: broken(text, language, grammar, parse) };
  const rules = places.map((place) =>
    place === alone ? { pattern: text } : { pattern: { context: place.context, selector: place.kind } },
  );
  return tried({ rule: rules.length === 1 ? (rules[0] ?? {}) : { any: rules } }, grammar, parse);
}

function broken(text: string, { title }: Language, grammar: string, parse: Parse): string {
  const own = tried({ rule: { pattern: text } }, grammar, parse);
  const why = own.ok ? 'a part of it is a syntax error' : own.message;
  return `${JSON.stringify(text.slice(0, 100))} is not one whole expression, statement or declaration of ${title}: ${why}`;
}

/** ast-grep looks at a matcher when it is used. */
function tried(matcher: Matcher, grammar: string, parse: Parse): Compiled {
  try {
    parse(grammar, '').findAll(matcher);
    return { ok: true, matcher };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    // From the general to the particular, one line each.
    const last = words.trim().split('\n').at(-1) ?? words;
    return { ok: false, message: last.replace(/^[\s|>-]+/, '').replace(/\.$/, '') };
  }
}

interface Located {
  kind: string;
  /** Kinds of all nodes: two places where it is the same are one. */
  shape: string;
}

/** The node that the pattern is in this text, when it is exactly one, whole, and the one that a selector would take. */
function locate(
  context: string,
  at: number,
  text: string,
  sigil: string,
  grammar: string,
  parse: Parse,
): Located | undefined {
  const source = context.replace(/\$\$\$(?=[A-Z_]|[^A-Z_$]|$)|\$\$?(?=[A-Z_])/g, (dollars) =>
    sigil.repeat(dollars.length),
  );
  const root = parse(grammar, source);
  let node = root;
  const spans = (candidate: SgNode) => {
    const { start, end } = candidate.range();
    return start.index === at && end.index === at + text.length;
  };
  for (;;) {
    const inner = node.children();
    const next = spans(node)
      ? inner.find(spans)
      : inner.find((child) => child.range().start.index <= at && child.range().end.index >= at + text.length);
    if (!next) break;
    node = next;
  }
  const alone = context === text;
  if (!spans(node) || node.id() === root.id()) return undefined;
  const kind = String(node.kind());
  if (!alone && (hasError(root, sigil) || root.find({ rule: { kind } })?.id() !== node.id())) return undefined;
  return hasError(node, sigil) ? undefined : { kind, shape: shapeOf(node) };
}

/** What only lacks its semicolon is whole: an expression of Java, or a metavariable in the place of a statement. */
function hasError(node: SgNode, sigil: string): boolean {
  if (node.is('ERROR')) return !isMetavariable(node.text(), sigil);
  const { start, end } = node.range();
  // An element of HTML without content holds text of no length.
  const isMissing = node.isLeaf() && start.index === end.index && !node.is('raw_text');
  if (isMissing && (node.isNamed() || !/^[\s;]*$/.test(String(node.kind())))) return true;
  return node.children().some((child) => hasError(child, sigil));
}

function isMetavariable(text: string, sigil: string): boolean {
  return [...text].every((letter) => letter === sigil || /[A-Z0-9_]/.test(letter)) && text.startsWith(sigil);
}

function shapeOf(node: SgNode): string {
  return `${node.kind()}(${node.children().map(shapeOf).join(' ')})`;
}

function patternsIn(rule: unknown): string[] {
  if (Array.isArray(rule)) return rule.flatMap(patternsIn);
  if (typeof rule !== 'object' || rule === null) return [];
  return Object.entries(rule).flatMap(([key, value]) =>
    key === 'pattern' && typeof value === 'string' ? [value] : patternsIn(value),
  );
}
