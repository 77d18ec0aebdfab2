/**
 * Masking: what two occurrences of the same error differ in becomes a fixed placeholder, what tells errors apart stays.
 *
 * Promises: idempotent (`maskText(maskText(x)) === maskText(x)`), and linear in the length of its input: every pattern
 * is bounded or unambiguous, so that hostile text cannot make it slow.
 *
 * Names stay: property names in quotes, identifiers with up to three digits glued to letters (`utf8`, `S001`), routes.
 */

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}';
const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}';
const CLOCK = '\\d{1,2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9})?';
const ZONE = '(?: ?(?:Z|UTC|GMT)(?![A-Za-z]))?(?: ?[+-]\\d{2}:?\\d{2}(?!\\d))?(?: \\([A-Z][A-Za-z ]{2,40}\\))?';

/** A date with or without a clock, or a clock alone, as loggers write them. Shared with the log prefix. */
export const TIME_PATTERN = [
  `\\d{4}-\\d{2}-\\d{2}-\\d{2}\\.\\d{2}\\.\\d{2}(?:\\.\\d{1,9})?`,
  `\\d{4}[-/.]\\d{2}[-/.]\\d{2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2})?(?:[.,]\\d{1,9})?${ZONE})?`,
  `\\d{1,2}/${MONTH}/\\d{4}:\\d{2}:\\d{2}:\\d{2}(?: [+-]\\d{4})?`,
  `\\d{1,2}/\\d{1,2}/\\d{4},? ${CLOCK}(?: [AaPp][Mm])?`,
  `\\d{2}\\.\\d{2} ${CLOCK}`,
  `(?:${WEEKDAY},? )?(?:\\d{1,2}[ -]${MONTH}|${MONTH} {1,2}\\d{1,2})(?:,?[ -]\\d{4})? ${CLOCK}${ZONE}(?: \\d{4}(?!\\d))?`,
  `\\d{1,2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9})?(?: [AaPp][Mm](?![A-Za-z]))?${ZONE}`,
].join('|');

const HEX_GROUP = '[0-9A-Fa-f]{1,4}';
const HEX_GROUPS = `${HEX_GROUP}(?::${HEX_GROUP}){0,6}`;
/** IP addresses, without port. Shared with redaction. */
export const IPV4_PATTERN = '(?<![\\w.])\\d{1,3}(?:\\.\\d{1,3}){3}(?![\\w])(?!\\.\\d)';
export const IPV6_PATTERN = `(?<![\\w:.])(?=[0-9A-Fa-f:]{0,45}\\d)(?:(?:${HEX_GROUP}:){7}${HEX_GROUP}|(?:${HEX_GROUPS})?::(?:${HEX_GROUPS})?)`;

/** How files of source, settings and text end. Shared with the log prefix. */
export const SOURCE_EXTENSION =
  '(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|php|cs|cpp|cc|c|h|vue|svelte|json|ya?ml|toml|html?|css|md|txt|log|sql|sh)';

/** Absolute prefixes that differ from machine to machine; other leading slashes are routes and stay. */
const ROOTS =
  '(?:home|Users|root|tmp|private|var|usr|opt|srv|app|mnt|media|workspaces?|builds?|github|runner|Library|Volumes)';
const SEGMENT = '[^\\s\'"`()<>:;,|*?/\\\\]{1,255}';

const PATTERNS: [name: string, pattern: string][] = [
  // Ours already, or what redaction left: passes through, so that masking twice changes nothing.
  ['placeholder', '<(?:time|duration|id|n|addr|path|value|\\*)>'],
  ['addr', '\\[(?:ip|email)\\](?::\\d{1,5}(?!\\d))?'],
  ['n', '\\[(?:card|phone)\\]'],
  ['time', `(?<![\\w.:])(?:${TIME_PATTERN})(?![\\w:])`],
  ['id', '(?<![0-9A-Za-z])[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![0-9A-Za-z])'],
  ['addr', '(?<!\\w)[A-Za-z0-9][\\w.%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,6}(?!\\w)'],
  ['addr', '(?<!\\w)0[xX][0-9A-Fa-f]+'],
  ['addr', `${IPV4_PATTERN}(?::\\d{1,5}(?!\\d))?`],
  ['addr', '(?<![\\w:])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![\\w:])'],
  ['addr', `${IPV6_PATTERN}(?::\\d{1,5})?(?![\\w:])`],
  ['addr', '(?<![\\w.-])localhost:\\d{1,5}(?!\\d)'],
  [
    'addr',
    `(?<![\\w./-])[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\\.[A-Za-z0-9-]{1,63}){0,5}\\.(?!${SOURCE_EXTENSION}:)[A-Za-z][A-Za-z0-9-]{1,62}:\\d{2,5}(?![\\w:])`,
  ],
  // A temporary file's own name is as volatile as its folder; of other absolute paths the last part is a name and stays.
  ['path', `(?<![\\w./-])(?:file://)?(?:/private)?/(?:tmp|var/folders|var/tmp|dev/shm)(?:/${SEGMENT}){1,40}/?`],
  ['path', `(?<![\\w./-])(?:file://)?/${ROOTS}/(?:${SEGMENT}/){0,40}`],
  ['path', '(?<!\\w)(?:file:///)?[A-Za-z]:\\\\{1,2}(?:[^\\\\/:*?"\'<>|\\r\\n]{1,120}\\\\{1,2}){0,40}'],
  ['value', '(?<!\\w)"[^"\\n]{121,2000}"(?!\\w)'],
  ['value', "(?<!\\w)'[^'\\n]{121,2000}'(?!\\w)"],
  ['value', '(?<!\\w)`[^`\\n]{121,2000}`(?!\\w)'],
  [
    'duration',
    '(?<![\\w.])\\d+(?:\\.\\d+)? ?(?:ns|us|µs|ms|msecs?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![A-Za-z0-9_])',
  ],
  // Judged by `isId`: whole words that no person would choose as a name.
  ['word', '(?<![A-Za-z0-9])(?=[A-Za-z]{0,40}\\d|[A-Fa-f]{8})[A-Za-z0-9]{6,}(?![A-Za-z0-9])'],
  [
    'n',
    '(?<![A-Za-z0-9])(?:(?<![A-Za-z0-9)\\]>.])[+-])?\\d+(?:,\\d{3}(?!\\d))*(?:\\.\\d+)*(?:[eE][+-]?\\d+(?![\\w]))?%?',
  ],
  ['n', '(?<=[A-Za-z])\\d{4,}'],
];

const NAMES = PATTERNS.map(([name]) => name);
const MASK = new RegExp(PATTERNS.map(([, pattern]) => `(${pattern})`).join('|'), 'g');

/** Enough passes for any text met; each is linear, and a pass that changes nothing ends it. */
const MAX_PASSES = 8;

/** The text with everything volatile replaced by `<time> <duration> <id> <n> <addr> <path> <value>`. */
export function maskText(text: string): string {
  let masked = maskOnce(text);
  for (let pass = 1; pass < MAX_PASSES; pass++) {
    const again = maskOnce(masked);
    if (again === masked) break;
    masked = again;
  }
  return masked;
}

/** One pass; what it leaves may have made something else recognisable. */
export function maskOnce(text: string): string {
  return text.replace(MASK, (match: string, ...groups: unknown[]) => {
    let kind = 0;
    while (groups[kind] === undefined) kind++;
    const name = NAMES[kind];
    if (name === 'placeholder') return match;
    if (name === 'word') return maskWord(match);
    if (name === 'value') return `${match[0]}<value>${match[0]}`;
    if (name === 'path' && /[\\/]$/.test(match)) return '<path>/';
    return `<${name}>`;
  });
}

/** A word is an id as a whole, or its longer numbers are masked in place, or it is a name and stays. */
function maskWord(word: string): string {
  if (isId(word)) return '<id>';
  return word.replace(/^\d+|\d{4,}/g, '<n>');
}

function isId(word: string): boolean {
  const digits = word.replace(/[^0-9]+/g, '').length;
  if (digits === word.length) return false;
  if (/^[0-9a-f]+$/i.test(word)) return word.length >= 8 || digits > 0;
  const switches = word.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  return word.length >= 14 && digits >= 4 && switches >= 2;
}
