/**
 * Holds a result against what is expected of it. Pure. Objects are held by their keys (with `exact` there may be no
 * other), arrays element by element with the same length, everything else as it is. `undefined` is `null`.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ExpectedValue } from '../../context/schemas/expectation.ts';

/** Values are shown in a failure; longer ones are clipped. */
const SHOWN = 200;
const MOST = 20;

/** What differs, one line per place; empty when the result holds what is expected. */
export function differences({ value, exact }: ExpectedValue, actual: unknown): string[] {
  const found: string[] = [];
  compare(value, actual, exact, '', found);
  return found.length > MOST ? [...found.slice(0, MOST), `and ${found.length - MOST} more`] : found;
}

function compare(expected: unknown, actual: unknown, exact: boolean, at: string, found: string[]): void {
  const differ = (want: string, got: string) => found.push(`${at === '' ? 'value' : at}: expected ${want}, got ${got}`);
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) differ(show(expected), show(actual));
    else if (actual.length !== expected.length)
      differ(`${count(expected.length)} ${show(expected)}`, `${count(actual.length)} ${show(actual)}`);
    else for (const [index, one] of expected.entries()) compare(one, actual[index], exact, `${at}[${index}]`, found);
    return;
  }
  if (!isObject(expected)) {
    if (!isDeepStrictEqual(expected ?? null, actual ?? null) && !(expected === 0 && actual === 0))
      differ(show(expected), show(actual));
    return;
  }
  if (!isObject(actual)) {
    differ(show(expected), show(actual));
    return;
  }
  for (const [key, one] of Object.entries(expected))
    compare(one, Object.hasOwn(actual, key) ? actual[key] : undefined, exact, within(at, key), found);
  if (!exact) return;
  for (const key of Object.keys(actual))
    if (!Object.hasOwn(expected, key)) found.push(`${within(at, key)}: expected nothing, got ${show(actual[key])}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function within(at: string, key: string): string {
  const name = /^[\w$-]+$/.test(key) ? key : JSON.stringify(key);
  return at === '' ? name : `${at}.${name}`;
}

function count(elements: number): string {
  return elements === 1 ? '1 element' : `${elements} elements`;
}

/** On one line, as JSON; numbers that JSON does not know by their name. */
export function show(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? 'null';
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
