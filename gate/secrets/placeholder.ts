/** What stands for a secret without being one: marks, sequences, and values made of the words people write into examples. */

const MARKS =
  /\$\{|\{\{|<[\w -]{2,}>|x{5,}|\*{3,}|\.{3}|…|example|placeholder|your[_-]|dummy|fake|redacted|changeme|change[_-]me|replace[_-]?me|insert[_-]|deadbeef|cafebabe|\[(?:secret|email|card|iban|phone|ip)\]/i;

/** In a generated token these come by chance less often than once in a million. */
const TOKEN_MARKS = /token|password|personal|(.)\1{6}/i;

/** For tokens of a known shape: says that nobody generated it. */
export function isPlaceholder(token: string): boolean {
  if (MARKS.test(token) || TOKEN_MARKS.test(token)) return true;
  const left = withoutSequences(token.toLowerCase());
  return left.length < 8 || new Set(left).size < 6;
}

/** For chosen values: passwords in URLs, literals assigned to a name. */
export function isExampleValue(value: string): boolean {
  if (MARKS.test(value) || /(.)\1{6}/.test(value)) return true;
  const plain = value.toLowerCase().replace(/[0134$@57]/g, (sign) => LEET[sign] ?? sign);
  for (const text of [value.toLowerCase(), plain])
    if (
      withoutSequences(text)
        .replace(/\d{1,4}[!?.#*]*$/, '')
        .replace(WORDS, '').length < 4
    )
      return true;
  return false;
}

const LEET: Record<string, string> = { 0: 'o', 1: 'l', 3: 'e', 4: 'a', 5: 's', 7: 't', $: 's', '@': 'a' };

/** Words of examples and tests, years, and what joins them. */
const WORDS = new RegExp(
  `${[
    'passw(?:or)?d|passphrase|pass|pwd|secret|token|api|key|auth|access|refresh|private|public|client|session|cookie|bearer|jwt|hash',
    'credentials?|signing|encryption|value|string|text|user(?:name)?|admin|root|guest|owner|login|account|email|name|app|service|server',
    'test(?:ing|er)?|demo|mock|stub|sample|foo|bar|baz|qux|abc|def|xyz|qwert[yz]|asdf|hunter|letmein|welcome|monkey|dragon|iloveyou',
    'super|very|strong|weak|long|short|safe|secure|insecure|random|unique|some|my|our|the|for|this|that|not',
    '(?<![a-z])(?:a|an|any|and|is|in|of|or|no|to)(?![a-z])',
    'valid|invalid|wrong|correct|incorrect|right|bad|good|old|new|current|previous|next|first|second|other|another|different|same|next',
    'local|dev(?:elopment)?|staging|prod(?:uction)?|live|default|temp(?:orary)?|tmp|unit|integration|e2e|ci|hello|world|plain|raw|real|expired',
    'postgres|mysql|mongo|redis|db|database|rabbit(?:mq)?|minio|docker|github|gitlab|slack|stripe|openai|google|aws|azure|openid|oauth2?',
    '(?<![a-z\\d])v?\\d{1,3}(?![a-z\\d])|[-_.!?#+/:@ =&*]',
  ].join('|')}`,
  'g',
);

/** Runs of six and more characters that count up, count down or repeat are taken out: `123456`, `fedcba`, `aaaaaa`. */
function withoutSequences(text: string): string {
  let left = '';
  let from = 0;
  while (from < text.length) {
    const step = text.charCodeAt(from + 1) - text.charCodeAt(from);
    let to = from + 1;
    while (to < text.length && continues(text, to, step)) to++;
    if (to - from >= 6) from = to;
    else left += text[from++] ?? '';
  }
  return left;
}

function continues(text: string, at: number, step: number): boolean {
  if (step !== 1 && step !== -1 && step !== 0) return false;
  const [before, here] = [text[at - 1] ?? '', text[at] ?? ''];
  return here.charCodeAt(0) - before.charCodeAt(0) === step || (before === '9' && here === '0' && step === 1);
}
