/** Bodies that no honest sender sends, made of one that it does: cut, changed, nested, huge, of wrong types and encodings. */
import fc from 'fast-check';

export function hostileBody(valid: string): fc.Arbitrary<Buffer> {
  const bytes = Buffer.from(valid);
  const cut = fc.nat(bytes.length - 1).map((at) => bytes.subarray(0, at));
  const flipped = fc
    .array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 })
    .map((changes) => {
      const changed = Buffer.from(bytes);
      for (const [at, value] of changes) changed[at] = value;
      return changed;
    });
  // Of a body in lines, one of them.
  const lines = parses(valid) ? [valid] : valid.split('\n');
  const parts = lines.flatMap((line, index) => (parses(line) ? [index] : []));
  const replaced = fc
    .tuple(fc.constantFrom(...parts), fc.nat(50), fc.jsonValue({ maxDepth: 3 }))
    .map(([index, at, value]) =>
      Buffer.from(lines.with(index, JSON.stringify(withPart(JSON.parse(lines[index] ?? ''), at, value))).join('\n')),
    );
  const nested = fc
    .tuple(fc.constantFrom('[', '{"a":', '{"alerts":[', '{"events":['), fc.integer({ min: 60, max: 60_000 }))
    .map(([open, depth]) => Buffer.from(open.repeat(depth)));
  const huge = fc
    .tuple(fc.constantFrom('x', '"', '\\', '{', '\u0000', '€', '[ip]:1 ', 'at a (b.js:1:1)\n'), fc.nat(900_000))
    .map(([part, length]) => Buffer.from(part.repeat(length / Buffer.byteLength(part))));
  const encoded = fc
    .constantFrom<BufferEncoding>('utf16le', 'latin1', 'base64', 'hex')
    .map((encoding) => (encoding === 'latin1' ? Buffer.from(`${valid}é`, encoding) : Buffer.from(valid, encoding)));
  const noise = fc.uint8Array({ maxLength: 2000 }).map((array) => Buffer.from(array));
  const json = fc.json({ maxDepth: 5 }).map((text) => Buffer.from(text));
  return fc.oneof(cut, flipped, replaced, nested, huge, encoded, noise, json);
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The `at`th part of a value, counted all through it, is another one. */
function withPart(root: unknown, at: number, value: unknown): unknown {
  let left = at;
  const walk = (part: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(root);
}
