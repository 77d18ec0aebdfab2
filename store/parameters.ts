/**
 * Checks what is bound to a statement, because the two SQLite libraries disagree about everything that is wrong: a
 * missing name is NULL in one and an error in the other, a boolean or a date likewise, and both round integers that
 * JavaScript cannot hold. Anything but the exact set of plain values is a TypeError here: a bug of ours.
 */
import type { Bound, Value } from './drivers/driver.ts';

/** Positional (`?`) or named (`:name`, keys without the colon). */
export type Parameters = readonly Value[] | Readonly<Record<string, Value>>;

export interface Placeholders {
  positional: number;
  names: ReadonlySet<string>;
}

/** Strings, quoted identifiers and comments, in which a `?` or `:x` is just text; or a placeholder. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|(\?)|:([A-Za-z_]\w*)/g;

export function placeholdersOf(sql: string): Placeholders {
  const names = new Set<string>();
  let positional = 0;
  for (const [, mark, name] of sql.matchAll(TOKEN)) {
    if (mark) positional++;
    if (name) names.add(name);
  }
  if (positional > 0 && names.size > 0) throw new TypeError(`Mixed placeholders in: ${sql}`);
  return { positional, names };
}

function checkValue(where: string, value: unknown): void {
  if (value === null || typeof value === 'string') return;
  if (typeof value === 'number' && Number.isFinite(value)) {
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      throw new TypeError(`Parameter ${where} is an integer beyond 2^53 (${value}): store it as text.`);
    return;
  }
  const what = value instanceof Date ? 'a date' : typeof value === 'number' ? String(value) : typeof value;
  throw new TypeError(`Parameter ${where} is ${what}: only text, finite numbers and null can be stored.`);
}

/** The parameters in the form in which both libraries understand them, or a TypeError. */
export function bind(placeholders: Placeholders, parameters: Parameters): Bound {
  if (Array.isArray(parameters)) {
    if (placeholders.names.size > 0 || parameters.length !== placeholders.positional)
      throw new TypeError(`The statement takes ${describe(placeholders)}, not ${parameters.length} positional ones.`);
    parameters.forEach((value, index) => {
      checkValue(String(index + 1), value);
    });
    return parameters;
  }
  const given = Object.entries(parameters);
  for (const [name, value] of given) checkValue(`:${name}`, value);
  if (given.length !== placeholders.names.size || given.some(([name]) => !placeholders.names.has(name)))
    throw new TypeError(
      `The statement takes ${describe(placeholders)}, not ${given.map(([name]) => `:${name}`).join(', ')}.`,
    );
  return [parameters as Readonly<Record<string, Value>>];
}

function describe({ positional, names }: Placeholders): string {
  if (names.size > 0) return `the parameters ${[...names].map((name) => `:${name}`).join(', ')}`;
  return positional === 0 ? 'no parameters' : `${positional} positional parameters`;
}
