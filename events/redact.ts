/**
 * Redaction: secrets and personal data leave a text before anything stores, prints or prompts with it.
 *
 * `redact` is for foreign text (logs, messages, outputs) and rather takes too much; `findSecrets` is for source code that
 * a fix adds and rather reports too little: a name beside a call or a type is no secret, a literal is.
 * Both are linear in the length of the text.
 */
import { IPV4_PATTERN, IPV6_PATTERN } from './mask.ts';

export type SecretKind =
  | 'private_key'
  | 'jwt'
  | 'aws_key'
  | 'github_token'
  | 'gitlab_token'
  | 'slack_token'
  | 'stripe_key'
  | 'api_key'
  | 'google_key'
  | 'npm_token'
  | 'bearer_token'
  | 'url_credentials'
  | 'assigned_secret'
  | 'email'
  | 'card_number';

/** Tokens that are recognised by their own shape, wherever they stand. */
const SHAPES: [kind: SecretKind, pattern: RegExp][] = [
  ['jwt', /\beyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}(?:\.[\w-]{0,2000})?/g],
  ['aws_key', /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g],
  ['github_token', /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255})/g],
  ['gitlab_token', /\bglpat-[\w-]{20,100}/g],
  ['slack_token', /\bxox[abeoprs]-[A-Za-z0-9-]{10,250}|\bxapp-\d-[A-Za-z0-9-]{10,250}/g],
  ['slack_token', /\bhooks\.slack\.com\/services\/[A-Za-z0-9/]{20,100}/g],
  ['stripe_key', /\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,250}/g],
  ['api_key', /\bsk-(?:ant-|proj-|svcacct-|admin-|or-)?(?=[\w-]{0,200}\d)[\w-]{20,250}/g],
  ['api_key', /\bSG\.[\w-]{16,64}\.[\w-]{16,64}/g],
  ['api_key', /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g],
  ['google_key', /\bAIza[\w-]{35}(?![\w-])|\bya29\.[\w-]{20,500}/g],
  ['npm_token', /\bnpm_[A-Za-z0-9]{36}\b/g],
];

const KEY_BLOCK =
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g;
const BEARER = /\b(bearer\s{1,3})(?=[\w.~+/-]{0,300}\d)[\w.~+/-]{8,2000}={0,2}/gi;
const AUTHORIZATION =
  /\b((?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}["']?)(?:(?:basic|bearer|digest|token|apikey)\s{1,3})?[\w.~+/=-]{4,2000}/gi;
const URL_CREDENTIALS = /(?<=:\/\/)([^\s/@:"'<>]{0,100}):([^\s/@"'<>]{1,200})@([\w.-]{0,100})/g;
const EMAIL = /(?<!\w)\w[\w.%+-]{0,63}@((?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})(?![\w])/g;
const CARD = /(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])/g;

const SECRET_NAME =
  '(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|cookie|session[_-]?id)';
const STATE = '(?:undefined|null|none|nil|true|false|nan|expired|invalid|missing|required|empty|object)';
/** A secret's name, its assignment, and its value, closed or cut off; values that are states stay. */
const ASSIGNED = new RegExp(
  `(${SECRET_NAME}[\\w-]{0,20}\\\\?["']?(?:\\s{0,3}=\\s{0,3}|:\\s{0,3}))` +
    `(?!\\\\?"${STATE}\\\\?"|'${STATE}'|${STATE}(?![\\w-]))` +
    `("[^"\\n]{1,9999}"?|'[^'\\n]{1,9999}'?|\\\\"[^"\\\\\\n]{1,9999}|(?=[^\\s,;&"'\`)}\\]]{0,100}\\w)[^\\s,;&"'\`)}\\]]{3,9999})`,
  'gi',
);

/** In source code: a secret's name assigned a quoted literal. */
const ASSIGNED_LITERAL = new RegExp(
  `${SECRET_NAME}[\\w-]{0,20}["'\`]?\\s{0,3}(?::\\s{0,3}(?:str|string)\\s{0,3})?[:=]>?\\s{0,3}(["'\`])([^"'\`\\s]{8,200})\\1`,
  'gi',
);
const PRIVATE_KEY_IN_CODE = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?=\s{0,3}$|(?:\\[nr]|\s){1,4}[A-Za-z0-9+/=]{16})/g;

/** The text with secrets as `[secret]`, addresses as `[email]`, card numbers as `[card]` and, when asked, IPs as `[ip]`. */
export function redact(text: string, options: { ips: boolean }): string {
  let clean = text.replace(KEY_BLOCK, '[secret]').replace(URL_CREDENTIALS, '[secret]@$3');
  for (const [, shape] of SHAPES) clean = clean.replace(shape, '[secret]');
  clean = clean
    .replace(AUTHORIZATION, '$1[secret]')
    .replace(BEARER, '$1[secret]')
    .replace(ASSIGNED, (_match, name: string, value: string) => `${name}${quoted(value)}`)
    .replace(EMAIL, '[email]')
    .replace(CARD, (digits) => (isCardNumber(digits) ? '[card]' : digits));
  if (!options.ips) return clean;
  return clean.replace(IP, (ip) => (LOOPBACK.test(ip) ? ip : '[ip]'));
}

const IP = new RegExp(`${IPV4_PATTERN}|${IPV6_PATTERN}(?![\\w:])`, 'g');
/** Loopback and "any" name no person, and telling them from a real host is half of many diagnoses. */
const LOOPBACK = /^(?:127\.|0\.0\.0\.0$|::1?$)/;

function quoted(value: string): string {
  const quote = /^(?:\\"|["'])/.exec(value)?.[0] ?? '';
  return `${quote}[secret]${value.length > 1 && value.endsWith(quote) ? quote : ''}`;
}

/** Secrets and personal data in source code, in the order they stand. `index` counts UTF-16 units from the start. */
export function findSecrets(text: string): { kind: SecretKind; index: number }[] {
  const found: { kind: SecretKind; index: number }[] = [];
  const add = (kind: SecretKind, pattern: RegExp, isReal: (match: RegExpExecArray) => boolean = () => true) => {
    for (const match of text.matchAll(pattern)) if (isReal(match)) found.push({ kind, index: match.index });
  };
  add('private_key', PRIVATE_KEY_IN_CODE);
  for (const [kind, shape] of SHAPES) add(kind, shape, ([match]) => !isPlaceholder(match));
  add('bearer_token', BEARER, ([match]) => /\d/.test(match) && !isPlaceholder(match));
  add(
    'url_credentials',
    URL_CREDENTIALS,
    ([, , password = '', host = '']) => isRealPassword(password) && isRealHost(host),
  );
  add(
    'assigned_secret',
    ASSIGNED_LITERAL,
    ([, , value = '']) => /\d/.test(value) && /[A-Za-z]/.test(value) && isRealPassword(value),
  );
  // `user:password@host` in a URL looks like a mail address behind the colon.
  const inUrls = new Set([...text.matchAll(URL_CREDENTIALS)].map((match) => match.index + match[0].indexOf('@')));
  add(
    'email',
    EMAIL,
    ({ index, 0: match, 1: host = '' }) =>
      isRealHost(host) &&
      !/^(?:git|noreply|no-reply|npm|root|user|you|me|name|test)@/i.test(match) &&
      !inUrls.has(index + match.indexOf('@')),
  );
  add('card_number', CARD, ([match]) => isCardNumber(match) && !TEST_CARDS.has(match.replace(/\D/g, '')));
  return found.sort((a, b) => a.index - b.index);
}

const TEST_CARDS = new Set([
  '4242424242424242',
  '4111111111111111',
  '4000000000000002',
  '5555555555554444',
  '378282246310005',
  '4012888888881881',
  '5105105105105100',
  '6011111111111117',
]);

function isPlaceholder(value: string): boolean {
  return /\$\{|\{\{|<|x{5,}|\*{3,}|\.{3}|example|placeholder|your[_-]|dummy|fake|redacted|changeme|change[_-]me/i.test(
    value,
  );
}

function isRealPassword(value: string): boolean {
  if (isPlaceholder(value)) return false;
  // Names, routes, option values and templates are written in words; generated secrets are not.
  return !/[[\](){}|*\\]|^[$%#@:/.]|^(?:process|os|env|config|settings)\.|^(?:pass(?:word)?|secret|postgres|root|user|admin|test|guest)\d{0,3}$/i.test(
    value,
  );
}

function isRealHost(host: string): boolean {
  return !/(?:^|\.)(?:example(?:\.\w{2,6}){0,2}|test|invalid|localhost|local|internal|acme\.\w+|users\.noreply\.github\.com)$|^(?:127\.|0\.0\.0\.0|localhost|db$|postgres$|redis$|$)/i.test(
    host,
  );
}

/** 13 to 19 digits of a known network whose checksum (Luhn) is right. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (
    !/^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|4[4-9]|5)\d{12,16}|35\d{14}|3[068]\d{12})$/.test(
      digits,
    )
  )
    return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]) * (i % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
