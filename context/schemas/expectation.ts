/**
 * What `input` and `expected` of a `call` or an `http` scenario mean. In the document they may be anything, because with a
 * `test_command` they are prose; here they are read for the two that hold an outcome against them.
 */
import { z } from 'zod';
import type { ScenarioEntry } from './scenarios.ts';

/** A value that is expected: as a part of what came, or as exactly that. */
export interface ExpectedValue {
  value: unknown;
  exact: boolean;
}

export type CallExpectation =
  | ({ outcome: 'returns' } & ExpectedValue)
  /** `type` is the name of the error or of its class; `message` as `heldBy` reads it. */
  | { outcome: 'throws'; type?: string | undefined; message?: string | undefined };

export interface HttpExpectation {
  status?: number | undefined;
  headers: Record<string, string>;
  body?: ExpectedValue | undefined;
}

export interface HttpInput {
  query: Record<string, string>;
  headers: Record<string, string>;
  body?: unknown;
}

export type Read<T> = { ok: true; value: T } | { ok: false; why: string };

const throwsSchema = z.strictObject({
  throws: z.strictObject({ type: z.string().min(1).optional(), message: textPattern().optional() }),
});
const equalsSchema = z.strictObject({ equals: z.unknown() });
const plainText = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const httpExpectedSchema = z.strictObject({
  status: z.int().min(100).max(599).optional(),
  headers: z.record(z.string(), plainText.pipe(textPattern())).prefault({}),
  body: z.unknown().optional(),
});
const httpInputSchema = z.strictObject({
  query: z.record(z.string(), plainText).prefault({}),
  headers: z.record(z.string(), plainText).prefault({}),
  body: z.unknown().optional(),
});

/** `{ throws: … }` an error, `{ equals: … }` exactly this value, anything else a value that the result holds. */
export function readCallExpectation(expected: unknown): Read<CallExpectation> {
  if (expected === undefined) return missing();
  if (hasOnly(expected, 'throws')) {
    const read = parse(throwsSchema, expected);
    return read.ok ? { ok: true, value: { outcome: 'throws', ...read.value.throws } } : read;
  }
  return { ok: true, value: { outcome: 'returns', ...readValue(expected) } };
}

export function readHttpExpectation(expected: unknown): Read<HttpExpectation> {
  if (expected === undefined) return missing();
  const read = parse(httpExpectedSchema, expected);
  if (!read.ok) return read;
  const { status, headers, body } = read.value;
  if (status === undefined && body === undefined && Object.keys(headers).length === 0) return missing();
  return { ok: true, value: { status, headers, ...(body === undefined ? {} : { body: readValue(body) }) } };
}

export function readHttpInput(input: unknown): Read<HttpInput> {
  return parse(httpInputSchema, input ?? {});
}

/** Why a `call` or `http` scenario could prove nothing, row by row; empty when it can, and for other scenarios. */
export function expectationFaults(
  scenario: Pick<ScenarioEntry, 'call' | 'http' | 'rows' | 'input' | 'expected'>,
): string[] {
  const { call, http, rows } = scenario;
  if (call === undefined && http === undefined) return [];
  return (rows ?? [scenario]).flatMap(({ input, expected }, index) => {
    const reads = call ? [readCallExpectation(expected)] : [readHttpInput(input), readHttpExpectation(expected)];
    const where = rows === undefined ? '' : `row ${index + 1}: `;
    return reads.flatMap((read) => (read.ok ? [] : [where + read.why]));
  });
}

/** Whether a text holds what is expected of it: a part of the text, or a regular expression written `/…/flags`. */
export function heldBy(text: string, expected: string): boolean {
  const pattern = /^\/(.+)\/([a-z]*)$/s.exec(expected);
  return pattern ? new RegExp(pattern[1] ?? '', pattern[2]).test(text) : text.includes(expected);
}

function readValue(expected: unknown): ExpectedValue {
  if (!hasOnly(expected, 'equals')) return { value: expected, exact: false };
  return { value: equalsSchema.parse(expected).equals, exact: true };
}

function hasOnly(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 1 && Object.hasOwn(value, key);
}

function missing(): { ok: false; why: string } {
  return { ok: false, why: 'expected is missing, so nothing could fail' };
}

function parse<T>(schema: z.ZodType<T>, value: unknown): Read<T> {
  const read = schema.safeParse(value);
  if (read.success) return { ok: true, value: read.data };
  const faults = read.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  return { ok: false, why: faults.join('; ') };
}

function textPattern() {
  return z.string().refine((text) => {
    try {
      heldBy('', text);
      return true;
    } catch {
      return false;
    }
  }, 'Expected text, or a regular expression that compiles');
}
