/** What zod found, in words for the person who wrote the YAML: expected, found, and the nearest known key or value. */
import { z } from 'zod';
import { nearest } from '../nearest.ts';
import type { ProblemCode } from './problem.ts';

export interface Explained {
  path: PropertyKey[];
  /** True when the place to show is the key itself, not its value. */
  atKey: boolean;
  code: ProblemCode;
  message: string;
}

const NO_MATCH = 'Invalid input';

function found(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function unknownKeys(keys: readonly string[], owner: unknown): string {
  const known = owner instanceof z.ZodObject ? Object.keys(owner.shape) : [];
  return keys
    .map((key) => {
      const close = nearest(key, known);
      const hint = close === undefined ? '' : `; the nearest known key is ${JSON.stringify(close)}`;
      return `Unknown key ${found(key)}${hint}.`;
    })
    .join('\n');
}

function bound(issue: { origin: string; inclusive?: boolean | undefined }, limit: unknown, low: boolean): string {
  const words = low ? (issue.inclusive ? 'at least' : 'more than') : issue.inclusive ? 'at most' : 'less than';
  if (issue.origin === 'string') return 'Expected text that is not empty';
  return `Expected ${words} ${String(limit)}${issue.origin === 'array' ? ' entries' : ''}`;
}

/** The error map: what the schema knows and the finished issue no longer says goes into its message. */
const inWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(issue.keys, issue.inst);
    case 'invalid_type':
      if (issue.input === undefined) return 'Missing';
      return `Expected ${TYPES[issue.expected] ?? issue.expected}, found ${found(issue.input)}`;
    case 'invalid_value': {
      if (issue.input === undefined) return 'Missing';
      const values = issue.values.map((value) => String(value));
      const hint = typeof issue.input === 'string' ? `; the nearest is ${nearest(issue.input, values)}` : '';
      return `Expected ${values.join(' or ')}, found ${found(issue.input)}${values.length > 1 ? hint : ''}`;
    }
    case 'too_small':
      return `${bound(issue, issue.minimum, true)}, found ${found(issue.input)}`;
    case 'too_big':
      return `${bound(issue, issue.maximum, false)}, found ${found(issue.input)}`;
    case 'invalid_union':
      return issue.input === undefined ? 'Missing' : NO_MATCH;
    default:
      return undefined;
  }
};

/** The alternative that the writer most likely meant: one of the right type, with the fewest faults. */
function likeliest(errors: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  const rightType = errors.filter(
    (issues) => !issues.some(({ path, code }) => path.length === 0 && code === 'invalid_type'),
  );
  return rightType.toSorted((a, b) => a.length - b.length)[0];
}

function explain(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): Explained[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      path: [...path, key],
      atKey: true,
      code: 'unknown_key',
      message: messages[index] ?? issue.message,
    }));
  }
  if (issue.code === 'invalid_union' && issue.message === NO_MATCH) {
    const branch = likeliest(issue.errors);
    if (branch) return branch.flatMap((inner) => explain(inner, path));
    const wanted = issue.errors.flatMap(([first]) => (first ? [first.message.replace(/, found .*$/s, '')] : []));
    const expected = [...new Set(wanted)].join(' or ').replaceAll(' or Expected ', ' or ');
    return [{ path, atKey: false, code: 'invalid_value', message: `${expected}.` }];
  }
  if (issue.message === 'Missing') {
    const key = path.at(-1);
    const message = `The key ${found(String(key))} is missing.`;
    return [{ path: path.slice(0, -1), atKey: false, code: 'missing_key', message }];
  }
  return [{ path, atKey: false, code: 'invalid_value', message: `${issue.message.replace(/\.$/, '')}.` }];
}

/** `['scenarios', 0, 'kind']` → `scenarios[0].kind` */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

export type Checked<T> = { ok: true; value: T } | { ok: false; issues: Explained[] };

/** "Expected one of …" says nothing more where a mistyped key of the same mapping is already named. */
function withoutEchoes(issues: Explained[]): Explained[] {
  const mistyped = new Set(
    issues.flatMap(({ code, path }) => (code === 'unknown_key' ? [path.slice(0, -1).join('\0')] : [])),
  );
  return issues.filter(({ code, path }) => code !== 'invalid_value' || !mistyped.has(path.join('\0')));
}

/** The schema's word on a value, in ours. */
export function check<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  const result = schema.safeParse(value, { error: inWords });
  return result.success
    ? { ok: true, value: result.data }
    : { ok: false, issues: withoutEchoes(result.error.issues.flatMap((issue) => explain(issue, []))) };
}
