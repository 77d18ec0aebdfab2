/** Tokens of services that the library's rules do not know (or not exactly), and JWTs. Those redaction knows as well. */
import { TOKEN_SHAPES } from '../../events/redact/token-shapes.ts';
import { isPlaceholder } from './placeholder.ts';
import type { Sighting } from './sighting.ts';

const JWT = /\b(eyJ[\w-]{8,2000})\.(eyJ[\w-]{8,4000})\.[\w-]{0,2000}/g;

export function shapeSightings(text: string): Sighting[] {
  const found: Sighting[] = [];
  for (const [kind, shape] of TOKEN_SHAPES)
    for (const { 0: match, index } of text.matchAll(shape))
      if (!isPlaceholder(match)) found.push({ kind, start: index, end: index + match.length, sure: true });
  for (const { 0: match, 1: header = '', 2: claims = '', index } of text.matchAll(JWT))
    if (isToken(header, claims)) found.push({ kind: 'jwt', start: index, end: index + match.length, sure: true });
  return found;
}

/** The header decodes to an object that names its algorithm; the claims are not those of the format's own example. */
function isToken(header: string, claims: string): boolean {
  const decoded = Buffer.from(header, 'base64url').toString();
  return (
    /^\{.*"alg"\s*:\s*"/s.test(decoded) &&
    !/"(?:sub"\s*:\s*"1234567890|name"\s*:\s*"John Doe)"/.test(Buffer.from(claims, 'base64url').toString())
  );
}
