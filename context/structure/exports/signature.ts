/**
 * What a caller of TypeScript or JavaScript code can see of a declaration, as one line of text that is the same for the
 * same face: no bodies, comments, private members or formatting. Nothing is inferred: where no type is written, what the
 * value is stands for it. Parameters count by their types, and by their names where none is written.
 */
import type { SgNode } from '@ast-grep/napi';

const CLOSING = new Set([')', ']', '}', '>']);

export const kindOf = (node: SgNode): string => String(node.kind());

/** Everything written there, with neither comments nor what a formatter adds or takes. */
export function textOf(node: SgNode): string {
  // The word `string` of a type is of the kind `string`, too.
  const kind = node.isNamed() ? kindOf(node) : 'sign';
  switch (kind) {
    case 'comment':
      return '';
    case 'string':
      return JSON.stringify(node.text().slice(1, -1));
    case 'formal_parameters':
      return parametersOf(node);
    case 'object_type':
    case 'interface_body':
      return `{ ${named(node).map(textOf).sort().join('; ')} }`;
    case 'union_type':
    case 'intersection_type':
      return named(node)
        .map(textOf)
        .join(kind === 'union_type' ? ' | ' : ' & ');
    default:
  }
  if (node.isLeaf()) return node.text();
  const parts = node
    .children()
    .map(textOf)
    .filter((part) => part !== '');
  return parts.filter((part, at) => !((part === ',' || part === ';') && CLOSING.has(parts[at + 1] ?? ''))).join(' ');
}

/** Children with a meaning of their own. */
export function named(node: SgNode): SgNode[] {
  return node.namedChildren().filter((child) => !child.is('comment'));
}

export function has(node: SgNode, token: string): boolean {
  return node.children().some((child) => child.isLeaf() && child.text() === token);
}

function parametersOf(node: SgNode): string {
  return `(${named(node).map(parameterOf).join(', ')})`;
}

function parameterOf(node: SgNode): string {
  if (node.is('assignment_pattern')) return `${textOf(node.child(0) ?? node)}?`;
  if (!node.is('required_parameter') && !node.is('optional_parameter')) return textOf(node);
  const pattern = node.field('pattern');
  const type = node.field('type');
  const optional = node.is('optional_parameter') || node.field('value') !== null ? '?' : '';
  if (!type) return `${pattern ? textOf(pattern) : ''}${optional}`;
  const rest = pattern?.is('rest_pattern') ? '...' : '';
  return `${rest}${pattern?.text() === 'this' ? 'this: ' : ''}${typeOf(type)}${optional}`;
}

/** Of an annotation, the type alone. */
export function typeOf(annotation: SgNode): string {
  return annotation.is('type_annotation') ? named(annotation).map(textOf).join(' ') : textOf(annotation);
}

/** `<T>(string, number?) => void` */
export function functionOf(node: SgNode): string {
  const types = node.field('type_parameters');
  const single = node.field('parameter');
  const parameters = node.field('parameters');
  const returned = node.field('return_type');
  const face = `${types ? textOf(types) : ''}${parameters ? parametersOf(parameters) : `(${single ? textOf(single) : ''})`}`;
  if (returned) return `${face} => ${typeOf(returned)}`;
  return `${has(node, 'async') ? 'async ' : ''}${kindOf(node).startsWith('generator') || has(node, '*') ? '* ' : ''}${face}`;
}

const PRIMITIVES: Record<string, string> = {
  number: 'number',
  string: 'string',
  template_string: 'string',
  true: 'boolean',
  false: 'boolean',
  regex: 'RegExp',
  array: 'array',
};

/** What a value is, without what it holds; of a call, only what is called. */
export function faceOf(node: SgNode): string {
  const kind = kindOf(node);
  const [first, last] = [named(node)[0], named(node).at(-1)];
  switch (kind) {
    case 'arrow_function':
    case 'function_expression':
    case 'generator_function':
      return functionOf(node);
    case 'class':
      return classOf(node);
    case 'as_expression':
      return first && (has(node, 'const') || !last || last.id() === first.id()) ? faceOf(first) : textOf(last ?? node);
    case 'satisfies_expression':
    case 'parenthesized_expression':
      return first ? faceOf(first) : kind;
    case 'object':
      return `{ ${named(node).map(propertyOf).sort().join('; ')} }`;
    case 'call_expression':
      return `${textOf(node.field('function') ?? node)}()`;
    case 'new_expression':
      return `new ${textOf(node.field('constructor') ?? node)}`;
    case 'identifier':
    case 'member_expression':
    case 'null':
    case 'undefined':
      return textOf(node);
    default:
      return PRIMITIVES[kind] ?? kind;
  }
}

function propertyOf(node: SgNode): string {
  if (node.is('method_definition')) return memberOf(node);
  const [key, value] = [node.field('key'), node.field('value')];
  return key && value ? `${nameOf(key)}: ${faceOf(value)}` : textOf(node);
}

/** A key is the same with and without quotes. */
export function nameOf(node: SgNode): string {
  return node.is('string') ? node.text().slice(1, -1) : textOf(node);
}

export function classOf(node: SgNode): string {
  const heritage = node.children().find((child) => child.is('class_heritage'));
  const types = node.field('type_parameters');
  const body = node.field('body');
  const members = body ? publicMembers(body) : [];
  const head = `${has(node, 'abstract') ? 'abstract ' : ''}class${types ? textOf(types) : ''}${heritage ? ` ${textOf(heritage)}` : ''}`;
  return `${head} { ${members.join('; ')} }`;
}

function publicMembers(body: SgNode): string[] {
  const all = named(body).filter((node) => !node.is('class_static_block') && !node.is('decorator') && isPublic(node));
  const key = (node: SgNode) => `${has(node, 'static') ? 'static ' : ''}${memberName(node)}`;
  const overloaded = new Set(all.filter((node) => node.is('method_signature')).map(key));
  return all
    .filter((node) => !node.is('method_definition') || !overloaded.has(key(node)))
    .flatMap((node) => [
      { name: key(node), text: memberOf(node) },
      ...parameterProperties(node).map((text) => ({ name: text, text })),
    ])
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ text }) => text);
}

function isPublic(node: SgNode): boolean {
  const modifier = node.children().find((child) => child.is('accessibility_modifier'));
  if (modifier && modifier.text() !== 'public') return false;
  return !node.children().some((child) => child.is('private_property_identifier'));
}

function memberName(node: SgNode): string {
  const name = node.field('name') ?? node.field('property');
  return name ? nameOf(name) : textOf(node);
}

const MODIFIERS = ['static', 'abstract', 'readonly', 'get', 'set'];

function memberOf(node: SgNode): string {
  if (node.is('index_signature')) return textOf(node);
  const name = memberName(node);
  const modifiers = MODIFIERS.filter((token) => has(node, token) && token !== name).map((token) => `${token} `);
  const head = `${modifiers.join('')}${name}${has(node, '?') ? '?' : ''}`;
  if (node.field('parameters')) return `${head}${functionOf(node)}`;
  const [type, value] = [node.field('type'), node.field('value')];
  return `${head}: ${type ? typeOf(type) : value ? faceOf(value) : 'any'}`;
}

/** `constructor(public readonly name: string)` makes a member. */
function parameterProperties(node: SgNode): string[] {
  const parameters = node.field('parameters');
  if (!parameters || memberName(node) !== 'constructor') return [];
  return named(parameters).flatMap((parameter) => {
    const own = has(parameter, 'readonly') || parameter.children().some((child) => child.is('accessibility_modifier'));
    const name = parameter.field('pattern');
    const type = parameter.field('type');
    if (!own || !name || !isPublic(parameter)) return [];
    return [`${has(parameter, 'readonly') ? 'readonly ' : ''}${textOf(name)}: ${type ? typeOf(type) : 'any'}`];
  });
}
