/** What one module of TypeScript or JavaScript exports: its own declarations by their signature, the rest by where it is from. */
import type { SgNode } from '@ast-grep/napi';
import { classOf, faceOf, functionOf, has, kindOf, named, nameOf, textOf, typeOf } from './signature.ts';

export type Exported =
  | { line: number; signature: string }
  /** `name` of the module that `from` names; `*` for all of it as one value. */
  | { line: number; from: string; name: string };

export interface ModuleExports {
  byName: Map<string, Exported>;
  /** Modules of which everything is exported again. */
  stars: { from: string; line: number }[];
}

/** A module that imports and exports by `import`, or by `module.exports`. */
export function exportsOf(root: SgNode): ModuleExports {
  return new Reading(root).result();
}

const lineOf = (node: SgNode) => node.range().start.line + 1;
const TYPES = new Set(['interface_declaration', 'type_alias_declaration', 'enum_declaration', 'class_declaration']);

class Reading {
  readonly #byName = new Map<string, Exported>();
  readonly #stars: ModuleExports['stars'] = [];
  readonly #declared = new Map<string, SgNode[]>();
  readonly #imported = new Map<string, { from: string; name: string }>();
  /** Exported name → local name, told apart once everything is known. */
  readonly #local: { name: string; local: string; line: number }[] = [];

  constructor(root: SgNode) {
    for (const statement of named(root)) this.#statement(statement);
  }

  result(): ModuleExports {
    const hidden = new Set(this.#declared.keys());
    for (const { local } of this.#local) hidden.delete(local);
    for (const { name, local, line } of this.#local) {
      const from = this.#imported.get(local);
      if (from) this.#byName.set(name, { line, ...from });
      else this.#byName.set(name, { line, signature: this.#withHidden(this.#signature(local), hidden) });
    }
    return { byName: this.#byName, stars: this.#stars };
  }

  #signature(local: string): string {
    const nodes = this.#declared.get(local) ?? [];
    const overloaded = nodes.some((node) => node.is('function_signature'));
    const seen = nodes.filter((node) => !overloaded || !node.is('function_declaration'));
    return seen.length === 0 ? local : seen.map((node) => declarationOf(node)).join(' & ');
  }

  /** A type that is not exported itself is part of what uses it. */
  #withHidden(signature: string, hidden: ReadonlySet<string>): string {
    const seen = new Set<string>();
    const parts = [signature];
    for (let at = 0; at < parts.length; at++)
      for (const word of parts[at]?.match(/[A-Za-z_$][\w$]*/g) ?? []) {
        if (seen.has(word) || !hidden.has(word)) continue;
        if (!this.#declared.get(word)?.some((node) => TYPES.has(kindOf(node)))) continue;
        seen.add(word);
        parts.push(`${word} = ${this.#signature(word)}`);
      }
    return parts.join(' with ');
  }

  #statement(node: SgNode): void {
    const [inner] = named(node);
    if (node.is('export_statement')) this.#export(node);
    else if (node.is('import_statement')) this.#import(node);
    else if (node.is('expression_statement') && inner?.is('assignment_expression')) this.#commonJs(inner);
    else this.#declare(node);
  }

  #declare(node: SgNode): string[] {
    return declarationsIn(node).map(([name, declaration]) => {
      this.#declared.set(name, [...(this.#declared.get(name) ?? []), declaration]);
      return name;
    });
  }

  #import(node: SgNode): void {
    const source = node.field('source');
    if (!source) return;
    const from = nameOf(source);
    for (const clause of named(node).filter((child) => child.is('import_clause')))
      for (const part of named(clause)) {
        if (part.is('identifier')) this.#imported.set(part.text(), { from, name: 'default' });
        if (part.is('namespace_import')) this.#imported.set(textOf(named(part)[0] ?? part), { from, name: '*' });
        if (part.is('named_imports'))
          for (const specifier of named(part)) {
            const name = nameOf(specifier.field('name') ?? specifier);
            this.#imported.set(nameOf(specifier.field('alias') ?? specifier.field('name') ?? specifier), {
              from,
              name,
            });
          }
      }
  }

  #export(node: SgNode): void {
    const line = lineOf(node);
    const source = node.field('source');
    const clause = node.children().find((child) => child.is('export_clause'));
    const namespace = node.children().find((child) => child.is('namespace_export'));
    const declaration = node.field('declaration');
    const value = node.field('value');
    if (clause)
      for (const specifier of named(clause)) {
        const local = nameOf(specifier.field('name') ?? specifier);
        const name = nameOf(specifier.field('alias') ?? specifier.field('name') ?? specifier);
        if (source) this.#byName.set(name, { line: lineOf(specifier), from: nameOf(source), name: local });
        else this.#local.push({ name, local, line: lineOf(specifier) });
      }
    else if (namespace && source)
      this.#byName.set(nameOf(named(namespace)[0] ?? namespace), { line, from: nameOf(source), name: '*' });
    else if (source) this.#stars.push({ from: nameOf(source), line });
    else if (has(node, 'default')) this.#default('default', declaration ?? value, line);
    else if (has(node, '=')) this.#default('export =', named(node).at(-1) ?? null, line);
    else if (declaration)
      for (const local of this.#declare(declaration)) this.#local.push({ name: local, local, line });
    else this.#byName.set(textOf(node), { line, signature: '' });
  }

  #default(name: string, node: SgNode | null, line: number): void {
    if (!node) return;
    if (node.is('identifier')) {
      this.#local.push({ name, local: node.text(), line });
      return;
    }
    const declared = declarationsIn(node);
    // An overloaded default function is told by its signatures, one statement after the other.
    const local = declared[0]?.[0] ?? `(${name})`;
    const before = this.#declared.get(local) ?? [];
    this.#declared.set(local, [...before, declared[0]?.[1] ?? node]);
    if (!this.#local.some((other) => other.name === name)) this.#local.push({ name, local, line });
  }

  #commonJs(assignment: SgNode): void {
    const left = textOf(assignment.field('left') ?? assignment).replace(/\s/g, '');
    const right = assignment.field('right');
    const line = lineOf(assignment);
    const key = /^(?:module\.)?exports\.([\w$]+)$/.exec(left)?.[1];
    if (!right) return;
    if (key !== undefined) this.#default(key, right, line);
    if (left !== 'module.exports') return;
    if (!right.is('object')) this.#default('export =', right, line);
    for (const property of right.is('object') ? named(right) : []) {
      const [name, value] = [property.field('key') ?? property.field('name'), property.field('value')];
      if (property.is('shorthand_property_identifier'))
        this.#local.push({ name: property.text(), local: property.text(), line: lineOf(property) });
      else if (name) this.#default(nameOf(name), value ?? property, lineOf(property));
      else this.#byName.set(textOf(property), { line: lineOf(property), signature: '' });
    }
  }
}

/** Names that a statement declares, each with the node that tells its face. */
function declarationsIn(node: SgNode): [string, SgNode][] {
  if (node.is('ambient_declaration')) return named(node).flatMap(declarationsIn);
  if (node.is('expression_statement'))
    return named(node)
      .filter((child) => child.is('internal_module'))
      .flatMap(declarationsIn);
  if (node.is('lexical_declaration') || node.is('variable_declaration'))
    return named(node).flatMap((declarator): [string, SgNode][] => {
      const name = declarator.field('name');
      return name ? boundNames(name).map((bound) => [bound, declarator]) : [];
    });
  const isDeclaration = /_declaration$|^function_signature$|^(internal_)?module$|^import_alias$/.test(kindOf(node));
  const name = isDeclaration ? (node.field('name') ?? (node.is('import_alias') ? named(node)[0] : null)) : null;
  return name ? [[nameOf(name), node]] : [];
}

function boundNames(pattern: SgNode): string[] {
  if (pattern.is('identifier') || pattern.is('shorthand_property_identifier_pattern')) return [pattern.text()];
  if (pattern.is('pair_pattern') || pattern.is('assignment_pattern') || pattern.is('object_assignment_pattern')) {
    const inner = pattern.is('pair_pattern') ? pattern.field('value') : pattern.field('left');
    return inner ? boundNames(inner) : [];
  }
  return named(pattern).flatMap(boundNames);
}

function declarationOf(node: SgNode): string {
  const types = node.field('type_parameters');
  const generic = types ? textOf(types) : '';
  switch (kindOf(node)) {
    case 'function_declaration':
    case 'generator_function_declaration':
    case 'function_signature':
    case 'method_definition':
      return functionOf(node);
    case 'class_declaration':
    case 'abstract_class_declaration':
      return classOf(node);
    case 'interface_declaration': {
      const bases = node.children().find((child) => child.is('extends_type_clause'));
      return `interface${generic}${bases ? ` ${textOf(bases)}` : ''} ${textOf(node.field('body') ?? node)}`;
    }
    case 'type_alias_declaration':
      return `type${generic} ${textOf(node.field('value') ?? node)}`;
    case 'variable_declarator':
      return variableOf(node);
    case 'internal_module':
    case 'module':
      return namespaceOf(node);
    default:
      return /_declaration$|^import_alias$/.test(kindOf(node)) ? textOf(node) : faceOf(node);
  }
}

function variableOf(node: SgNode): string {
  const [name, type, value] = [node.field('name'), node.field('type'), node.field('value')];
  const face = type ? typeOf(type) : value ? faceOf(value) : 'any';
  return name?.is('identifier') ? face : `part of ${face}`;
}

function namespaceOf(node: SgNode): string {
  const body = node.field('body');
  if (!body) return textOf(node);
  const { byName } = exportsOf(body);
  const inner = [...byName].map(([name, entry]) => `${name}: ${'signature' in entry ? entry.signature : entry.from}`);
  return `namespace { ${inner.sort().join('; ')} }`;
}
