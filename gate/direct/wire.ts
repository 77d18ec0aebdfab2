/** How values travel between the gate and the process that makes a call: JSON, and the numbers that JSON does not know. */

/** Begins with a character that nobody's own key begins with. */
const NUMBER = '\0number';

export function toWire(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'number' && !Number.isFinite(one) ? { [NUMBER]: String(one) } : one,
  );
}

/** Throws SyntaxError for what is no JSON. */
export function fromWire(text: string): unknown {
  return JSON.parse(text, (_, one: unknown) =>
    typeof one === 'object' && one !== null && NUMBER in one ? Number(one[NUMBER]) : one,
  );
}
