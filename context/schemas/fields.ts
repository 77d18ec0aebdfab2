/** The small types that several documents use: version mark, repository paths, globs, ids, regular expressions. */
import { z } from 'zod';

/** `version: "1.0"`; unquoted it is a number in YAML, which is meant the same. */
export const versionSchema = z
  .union([z.literal('1.0'), z.literal(1)], 'Expected version "1.0"')
  .transform(() => '1.0' as const)
  .prefault('1.0');

function staysInside(path: string): boolean {
  return !path.startsWith('/') && !/^[A-Za-z]:/.test(path) && !path.split(/[\\/]/).includes('..');
}

/** A path or glob, relative to the repository's root, with forward slashes. */
export const pathSchema = z
  .string()
  .min(1, 'Expected a path')
  .refine(staysInside, 'Expected a path inside the repository, relative to its root');

export const pathsSchema = z.array(pathSchema);

/** Source of a regular expression that compiles. */
export const regexSchema = z
  .string()
  .min(1, 'Expected a regular expression')
  .superRefine((source, context) => {
    try {
      new RegExp(source);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'Invalid expression' });
    }
  });

export const entryIdSchema = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'Expected an id of letters, digits, ".", "_" and "-"');

export const incidentIdSchema = z
  .string()
  .max(100)
  .regex(/^INC-[A-Za-z0-9][A-Za-z0-9-]*$/, 'Expected an incident id such as INC-1a2b3c4d5e6f7890');

/** Drafted by a model outside a fix: without force until a person removes the mark. */
export const proposedSchema = z
  .boolean()
  .optional()
  .describe('Drafted by a model: no force until a person removes this line');

/** Where an entry was written, for messages: 1-based. */
export interface Origin {
  path: string;
  line: number;
  column: number;
}

/** Adds an issue unless exactly one (or, with `atMost`, at most one) of the keys is given. */
export function exactlyOne<K extends string>(keys: readonly K[], { atMost = false } = {}) {
  return (value: Partial<Record<K, unknown>>, context: z.RefinementCtx): void => {
    const given = keys.filter((key) => value[key] !== undefined);
    if (given.length === 1 || (atMost && given.length === 0)) return;
    const list = keys.join(', ');
    const found = given.length === 0 ? 'found none' : `found ${given.join(' and ')}`;
    context.addIssue({
      code: 'custom',
      message: `Expected ${atMost ? 'at most' : 'exactly'} one of ${list}; ${found}`,
    });
  };
}
