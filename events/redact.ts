/**
 * Redaction: secrets and personal data leave a text before anything stores, prints or prompts with it.
 *
 * It is for foreign text (logs, messages, outputs) and rather takes too much, in time linear in the text's length. What
 * may be published is judged by rules that rather report too little: gate/secrets.ts.
 */
import { IPV4_PATTERN, IPV6_PATTERN } from './mask.ts';
import { IBAN, isBankAccount } from './redact/bank-account.ts';
import { isCardNumber } from './redact/card-number.ts';
import { isPhoneNumber, PHONE_NUMBER } from './redact/phone-number.ts';
import { TOKEN_SHAPES } from './redact/token-shapes.ts';

/** Whole tokens of vendors; every one has `LONG_WORD`, which most lines of a log have not. */
const LONG_SHAPES: readonly RegExp[] = [
  // Those whose tokens begin in a way nothing else does.
  /\b(?:hf|gsk|lin_api|ntn|shp(?:at|ca|pa|ss)|gl(?:sa|c)|vc[piark]|dckr_pat|figd|cf(?:k|ut|at))_[\w+/=-]{20,500}/g,
  /\b(?:hv[sbr]\.|ops_ey|tskey-[a-z]{2,20}-|dapi(?=[0-9a-f]{32}))[\w+/=-]{20,1500}/g,
  ...TOKEN_SHAPES.map(([, shape]) => shape),
];
const LONG_WORD = /[\w-]{20}/;

const KEY_BLOCK =
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?/g;
const BEARER = /\b(bearer\s{1,3})(?=[\w.~+/-]{0,300}\d)[\w.~+/-]{8,2000}={0,2}/gi;
const BASIC = /\b(basic\s{1,3})(?=[A-Za-z+/]{0,400}\d)[A-Za-z0-9+/]{12,400}={0,2}/gi;
const AUTHORIZATION =
  /\b((?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}["']?)(?:(?:basic|bearer|digest|token|apikey)\s{1,3})?[\w.~+/=-]{4,2000}/gi;
/** A whole header: any of its pairs may be the one that lets somebody in. */
const COOKIES = /\b((?:set-)?cookie["']?\s{0,3}[:=]\s{0,3}\\?["']?)(?=[^\s"'\\]{0,200}=)[^\n"'\\]{1,8000}/gi;
const URL_CREDENTIALS = /(?<=:\/\/)([^\s/@:"'<>]{0,100}):([^\s/@"'<>]{1,200})@([\w.-]{0,100})/g;
const EMAIL = /(?<!\w)\w[\w.%+-]{0,63}@((?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})(?![\w])/g;
const CARD = /(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])/g;

const SECRET_NAME =
  '(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|cookie|session[_-]?id|jsessionid|phpsessid|connect\\.sid)';
const STATE = '(?:undefined|null|none|nil|true|false|nan|expired|invalid|missing|required|empty|object)';
/** A secret's name, its assignment, and its value, closed or cut off; values that are states stay. */
const ASSIGNED = new RegExp(
  `(${SECRET_NAME}[\\w-]{0,20}\\\\?["']?(?:\\s{0,3}(?::\\s{0,3}(?:str|string)\\s{0,3}=|:=|=>|={1,3})\\s{0,3}|:\\s{0,3}))` +
    `(?!\\\\?"${STATE}\\\\?"|'${STATE}'|${STATE}(?![\\w-]))` +
    `("[^"\\n]{1,9999}"?|'[^'\\n]{1,9999}'?|\\\\"[^"\\\\\\n]{1,9999}|(?=[^\\s,;&"'\`)}\\]]{0,100}\\w)[^\\s,;&"'\`)}\\]]{3,9999})`,
  'gi',
);

const IP = new RegExp(`${IPV4_PATTERN}|${IPV6_PATTERN}(?![\\w:])`, 'g');
/** Loopback and "any" name no person, and telling them from a real host is half of many diagnoses. */
const LOOPBACK = /^(?:127\.|0\.0\.0\.0$|::1?$)/;

interface Step {
  /** Found in every text that the step changes, and quick to look for. */
  sign: RegExp;
  take(text: string): string;
}

const step = (sign: RegExp, pattern: RegExp, by = '[secret]'): Step => ({
  sign,
  take: (text) => text.replace(pattern, by),
});

/** In this order; the first ones are tokens that are recognised by their own shape, even when they are cut off. */
export const STEPS: readonly Step[] = [
  step(/-----BEGIN/, KEY_BLOCK),
  step(/@/, URL_CREDENTIALS, '[secret]@$3'),
  step(/eyJ/, /\beyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}(?:\.[\w-]{0,2000})?/g),
  step(LONG_WORD, /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g),
  step(LONG_WORD, /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255})/g),
  step(LONG_WORD, /\bglpat-[\w-]{20,100}/g),
  step(/xox|xapp-/, /\bxox[abeoprs]-[A-Za-z0-9-]{10,250}|\bxapp-\d-[A-Za-z0-9-]{10,250}/g),
  step(/hooks\.slack/, /\bhooks\.slack\.com\/services\/[A-Za-z0-9/]{20,100}/g),
  step(LONG_WORD, /\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,250}/g),
  step(LONG_WORD, /\bsk-(?:ant-|proj-|svcacct-|admin-|or-)?(?=[\w-]{0,200}\d)[\w-]{20,250}/g),
  step(/SG\./, /\bSG\.[\w-]{16,64}\.[\w-]{16,64}/g),
  step(LONG_WORD, /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g),
  step(LONG_WORD, /\bAIza[\w-]{35}(?![\w-])|\bya29\.[\w-]{20,500}/g),
  step(LONG_WORD, /\bnpm_[A-Za-z0-9]{36}\b/g),
  { sign: LONG_WORD, take: (text) => LONG_SHAPES.reduce((clean, shape) => clean.replace(shape, '[secret]'), text) },
  step(/cookie/i, COOKIES, '$1[secret]'),
  step(/authorization/i, AUTHORIZATION, '$1[secret]'),
  step(/bearer\s/i, BEARER, '$1[secret]'),
  step(/basic\s/i, BASIC, '$1[secret]'),
  {
    sign: /passw|passphrase|pwd|secret|token|(?:api|access|private)[_-]?key|credential|cookie|sess(?:ion[_-]?)?id|connect\.sid/i,
    take: (text) => text.replace(ASSIGNED, (_match, name: string, value: string) => `${name}${quoted(value)}`),
  },
  step(/@/, EMAIL, '[email]'),
  {
    sign: /[A-Z]{2}\d{2} ?[A-Z0-9]{4}/,
    take: (text) => text.replace(IBAN, (account) => (isBankAccount(account) ? '[iban]' : account)),
  },
  {
    sign: /[2-6]\d{3}(?:[ -]?\d){9}/,
    take: (text) => text.replace(CARD, (digits) => (isCardNumber(digits) ? '[card]' : digits)),
  },
  {
    sign: /\+[1-9]/,
    take: (text) =>
      text.replace(PHONE_NUMBER, (match, before: string, number: string) =>
        isPhoneNumber(number) ? `${before}[phone]` : match,
      ),
  },
];
export const IP_STEP: Step = {
  sign: /\d\.\d{1,3}\.\d{1,3}\.\d|::|(?:[0-9A-Fa-f]{1,4}:){7}/,
  take: (text) => text.replace(IP, (ip) => (LOOPBACK.test(ip) ? ip : '[ip]')),
};

/** Any sign but `LONG_WORD`, looked for at once. */
const SIGNS = new RegExp(
  [...STEPS, IP_STEP]
    .map(({ sign }) => sign)
    .filter((sign) => sign !== LONG_WORD)
    .map(({ source }) => source)
    .join('|'),
  'i',
);

/**
 * The text with secrets as `[secret]`, addresses as `[email]`, cards as `[card]`, bank accounts as `[iban]`, telephone
 * numbers as `[phone]` and, when asked, IPs as `[ip]`.
 */
export function redact(text: string, options: { ips: boolean }): string {
  if (!SIGNS.test(text) && !LONG_WORD.test(text)) return text;
  let clean = text;
  for (const { sign, take } of STEPS) if (sign.test(clean)) clean = take(clean);
  return options.ips && IP_STEP.sign.test(clean) ? IP_STEP.take(clean) : clean;
}

function quoted(value: string): string {
  const quote = /^(?:\\"|["'])/.exec(value)?.[0] ?? '';
  return `${quote}[secret]${value.length > 1 && value.endsWith(quote) ? quote : ''}`;
}
