/** JSON that somebody else wrote, from text to a trusted value, or an error that names the place. */
import type { z } from 'zod';
import { UserError } from './errors.ts';

/** Nothing that any source sends is nested deeper; what is could exhaust the stack of who walks through it. */
const MAX_DEPTH = 64;

/** `what` names the body in messages, such as `an Alertmanager webhook`. Throws UserError (`bad_input`). */
export function parseJson<T>(text: string, schema: z.ZodType<T>, what: string): T {
  if (depthOf(text) > MAX_DEPTH) throw refused(what, `it is nested deeper than ${MAX_DEPTH} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused(what, `it is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refused(what, `${issue?.path.map(String).join('.') || 'the body'}: ${issue?.message ?? 'wrong shape'}`);
}

function refused(what: string, why: string): UserError {
  return new UserError(
    `This is not ${what}: ${why}.`,
    'Correct what the sender sends; the page of the source shows it.',
  );
}

/** Brackets outside of strings; where the text is no JSON, any number will do. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    else if (token === ']' || token === '}') depth--;
  }
  return deepest;
}
