/** Credentials in an `Authorization` header, as a bearer token or on curl's command line, whoever issued them. */
import { isExampleValue, isPlaceholder } from './placeholder.ts';
import type { Sighting } from './sighting.ts';
import { isTemplate } from './template.ts';

const BEARER = /\b(?:bearer|apikey)\s{1,3}(?=[\w.~+/-]{0,300}\d)([\w.~+/-]{20,1000}={0,2})(?![\w(])/gi;
/** curl -u user:password, quoted in any way. */
const CURL_USER =
  /\bcurl\b[^\n|;]{0,300}?\s(?:-u|--user|--proxy-user)[ =]{0,2}["']?([^\s:"'$]{0,100}):["']?([^\s"']{6,100})/g;
const BASIC = /\bbasic\s{1,3}([A-Za-z0-9+/]{8,400}={0,2})(?![\w+/=])/gi;

export function authorizationSightings(text: string): Sighting[] {
  const found: Sighting[] = [];
  const add = (match: RegExpExecArray) =>
    found.push({ kind: 'authorization', start: match.index, end: match.index + match[0].length, sure: false });
  for (const match of text.matchAll(BEARER)) {
    const [, token = ''] = match;
    if (!isPlaceholder(token) && /[A-Za-z]/.test(token) && !isExampleValue(token)) add(match);
  }
  for (const match of text.matchAll(BASIC)) {
    const [, user, password] = /^([ -9;-~]+):([ -~]{4,})$/.exec(Buffer.from(match[1] ?? '', 'base64').toString()) ?? [];
    if (user && password && password !== user && !isExampleValue(password)) add(match);
  }
  for (const match of text.matchAll(CURL_USER)) {
    const [, user = '', password = ''] = match;
    if (password !== user && !isTemplate(password) && !isExampleValue(password)) add(match);
  }
  return found;
}
