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
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        deepest = Math.max(deepest, ++depth);
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth--;
    }
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Where the quote stands that ends the string beginning at `start`; the text's length when none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}
