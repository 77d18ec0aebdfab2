/** How a section of the config is declared: strict, every key with a default, and an emptied section means its defaults. */
import { z } from 'zod';

/** `key:` with nothing below it (all its lines commented out) is read as the empty section. */
export function section<S extends z.ZodRawShape>(shape: S) {
  return z.preprocess((value) => value ?? {}, z.strictObject(shape)).prefault({});
}

type Inner<T> = T extends z.ZodPrefault<infer I extends z.ZodType> ? I : T;
type Settable<S> = { [K in keyof S]: Inner<S[K]> extends z.ZodType ? z.ZodOptional<Inner<S[K]>> : never };

/** The same keys without their defaults: what an override may set of a section. A key that is set replaces the whole key. */
export function settable<S extends Record<string, z.ZodType>>(
  shape: S,
): z.ZodOptional<z.ZodObject<Settable<S>, z.core.$strict>> {
  const fields = Object.entries(shape).map(([key, field]) => {
    const inner = field instanceof z.ZodPrefault ? (field.unwrap() as z.ZodType) : field;
    return [key, inner.optional()] as const;
  });
  return z.strictObject(Object.fromEntries(fields) as unknown as Settable<S>).optional();
}
