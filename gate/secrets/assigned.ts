/**
 * Literals assigned to a name that says "secret", in source code and in configuration. Values that are words, routes,
 * identifiers or templates pass; what looks chosen or generated does not.
 */
import { isExampleValue } from './placeholder.ts';
import type { Sighting } from './sighting.ts';
import { isTemplate } from './template.ts';

const NAME =
  '(?:passw(?:or)?d|passphrase|(?<![A-Za-z])pass|pwd|secret(?:[_-]?key)?|token|(?:api|access|private|auth|signing|encryption|account|master|shared)[_-]?key|credentials?|cookie|session[_-]?id)';
const SUFFIX = '(?:[_-]?(?:\\d{1,2}|prod|live|dev|test|staging|value|base64|b64|hex|default|fallback))?';

/** name = "literal", "name": "literal", name: str = "literal", name => 'literal', name := `literal`, name == "literal". */
const QUOTED = new RegExp(
  `(?<![A-Za-z0-9])([\\w-]{0,40}?)(${NAME})${SUFFIX}\\\\?["'\`]?\\]?\\s{0,3}(?::\\s{0,3}(?:str|string|String)\\s{0,3})?(?::=|={1,3}>?|:|\\?\\?=?|\\|\\|=?)\\s{0,3}\\(?\\s{0,3}[rbuf]?\\\\?(["'\`])([^"'\`\\s\\\\]{8,200})\\\\?\\3`,
  'gi',
);
/** One setting a line, without quotes: `.env`, YAML, properties, shell, Dockerfile. */
const BARE = new RegExp(
  `^[+ \\t]{0,40}(?:(?:export|set|ENV|ARG|-) {1,3})?([\\w.-]{0,60}?)(${NAME})${SUFFIX} {0,3}[:=] {0,3}([^\\s"'\`#,;(){}[\\]<>][^\\s"'\`,;(){}[\\]<>]{7,199})[ \\t]{0,20}(?:#[^\\n]{0,200})?\\r?$`,
  'gim',
);
/** <password>value</password> */
const TAGGED = new RegExp(`<([\\w.-]{0,40}?)(${NAME})>([^<>\\s]{8,200})</`, 'gi');
/** A value told to a function of that name: setPassword("value"). */
const TOLD = new RegExp(
  `\\.(?:set|with|add)?([A-Za-z]{0,30}?)(${NAME})\\(\\s{0,3}(["'])([^"'\\s\\\\]{8,200})\\3\\s{0,3}\\)`,
  'gi',
);
/** What stands in for a missing setting: getenv("API_KEY", "value"). */
const INSTEAD = new RegExp(
  `\\(\\s{0,3}["']([\\w.-]{0,40}?)(${NAME})${SUFFIX}["']\\s{0,3},\\s{0,3}(["'])([^"'\\s\\\\]{8,200})\\3`,
  'gi',
);
/** A header in one literal: "X-Api-Key: value". */
const HEADER = new RegExp(
  `["']((?:[A-Za-z]{1,20}-){0,4})(${NAME}|Authorization): {1,3}(?:(?:token|api-?key|api-token) )?([\\w.~+/=-]{8,200})["']`,
  'gi',
);

const SETTINGS_FILE =
  /(?:^|[/.])(?:env|env\.[\w.-]+|ya?ml|properties|ini|toml|conf|cfg|cnf|sh|bash|zsh|tfvars|(?:docker|container)file|netrc|pgpass)$/i;

export function assignedSightings(text: string, path: string): Sighting[] {
  const found: Sighting[] = [];
  const look = (pattern: RegExp, valueAt: 3 | 4, applies: (match: string) => boolean = () => true) => {
    for (const match of text.matchAll(pattern)) {
      const [whole, before = '', name = ''] = match;
      if (!applies(whole) || !isSecretValue(match[valueAt] ?? '', before, name)) continue;
      found.push({ kind: 'assigned_secret', start: match.index, end: match.index + whole.length, sure: false });
    }
  };
  look(QUOTED, 4);
  look(TAGGED, 3);
  look(TOLD, 4);
  look(INSTEAD, 4);
  look(HEADER, 3);
  const settings = SETTINGS_FILE.test(path);
  // Elsewhere a bare word is an identifier, unless the line is a shell's: UPPER_CASE=value.
  look(BARE, 3, (line) => settings || /^[+ \t]*(?:(?:export|set|ENV|ARG) +)?[A-Z][A-Z0-9_]*=\S/.test(line));
  return found;
}

/** Tokens that are positions, marks or kinds. */
const OTHER_TOKENS =
  /(?:public|publishable|page|next|continuation|idempotency|cancel(?:lation)?|csrf|xsrf|sync|design|syntax|lexer|start|end|contract|erc20|mint)[_-]?$/i;

function isSecretValue(value: string, before: string, name: string): boolean {
  const chosen = /^pass|^pwd/i.test(name);
  if (/^token$|key$/i.test(name) && OTHER_TOKENS.test(before)) return false;
  if (/^(?:token|cookie|session)/i.test(name) && UUID.test(value) && !OWNED.test(before)) return false;
  if (isTemplate(value) || isIdentifier(value, chosen) || isExampleValue(value)) return false;
  const classes = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) =>
    kind.test(value.replace(/[!?.:]+$/, '')),
  ).length;
  if (chosen) return classes >= 3 || (classes >= 2 && /\d/.test(value)) || /^\d{8,}$/.test(value);
  // Cookies and sessions have names as often as values.
  if (/^(?:cookie|session)/i.test(name) && value.length < 16) return false;
  return /\d/.test(value) && /[A-Za-z]/.test(value);
}

/** `API_TOKEN`: what opens an interface, whatever it looks like. */
const OWNED = /(?:api|access|auth|bearer|bot|deploy|refresh)[_-]?$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Names of things: `db-credentials-v2`, `accessToken2`, `user.password.v2`, `Uint8Array`, `text/html;level=1`. */
function isIdentifier(value: string, chosen: boolean): boolean {
  if (/^[a-z][\w+-]*\/[\w.+-]+(?:;.*)?$/i.test(value) && !/\d[A-Za-z]\d/.test(value)) return true;
  const words =
    /^[A-Za-z]+(?:[-_.:/][A-Za-z]+\d{0,2}|[-_.:/]v?\d{1,2})+$/.test(value) &&
    Math.max(...value.split(/[-_.:/]/).map((word) => word.length)) > 2;
  if (words && !/[a-z][A-Z]+[a-z]?[A-Z]/.test(value)) return true;
  return !chosen && /^(?:[A-Za-z]?[a-z]+\d{0,2})(?:[A-Z][a-z]+\d{0,2})*$/.test(value) && !/\d[a-z]/.test(value);
}
