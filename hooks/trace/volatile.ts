/**
 * What differs from one run of the same thing to the next (times, ids, hashes, addresses, processes, temporary names)
 * becomes a placeholder; plain numbers stay, because they tell one piece of a file, or one case of a table, from another.
 * `events/mask.ts` masks more, for errors. Linear: every pattern is bounded or unambiguous.
 */
import { IPV4_PATTERN, IPV6_PATTERN, TIME_PATTERN } from '../../events/mask.ts';

const TEMPORARY = '(?:/private)?/(?:tmp|var/tmp|dev/shm|var/folders/\\w{1,4}/[\\w+-]{1,64}/[TC0])';

const PATTERNS: [placeholder: string, pattern: string][] = [
  ['<time>', `(?<![\\w.:])(?:${TIME_PATTERN})(?![\\w:])`],
  ['<id>', '(?<![0-9A-Za-z])[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![0-9A-Za-z])'],
  ['<addr>', '(?<!\\w)0[xX][0-9A-Fa-f]{4,}'],
  ['<addr>', `${IPV4_PATTERN}(?::\\d{1,5}(?!\\d))?`],
  ['<addr>', `${IPV6_PATTERN}(?![\\w:])`],
  ['<addr>', '(?<![\\w.-])localhost:\\d{1,5}(?!\\d)'],
  // Shorter ones are names of commits that a person would type.
  ['<id>', '(?<![0-9A-Za-z])(?=[A-Fa-f]{0,64}\\d)(?=\\d{0,64}[A-Fa-f])[0-9A-Fa-f]{12,64}(?![0-9A-Za-z])'],
  // Seconds or milliseconds since 1970.
  ['<time>', '(?<![\\w.])1[0-9]{9}(?:[0-9]{3})?(?:\\.\\d{1,9})?(?![\\w])'],
  ['<pid>', '(?<=\\b(?:pid|PID|process|Process)[ =:#]{1,3})\\d{1,8}(?!\\w)'],
  ['<tmp>', `(?<![\\w./-])${TEMPORARY}(?=/)`],
];

const NAMES = PATTERNS.map(([name]) => name);
const VOLATILE = new RegExp(PATTERNS.map(([, pattern]) => `(${pattern})`).join('|'), 'g');
/** A segment below a temporary folder; what a program made up in it is masked, what a person chose stays. */
const TEMPORARY_NAMES = /<tmp>(?:\/[^\s'"`()<>:;,|*?/\\]{1,255}){1,40}/g;
const MADE_UP = /(?<![A-Za-z0-9])(?=[a-z]{0,40}[A-Z0-9])(?=[A-Z]{0,40}[a-z0-9])[A-Za-z0-9]{6,64}(?![A-Za-z0-9])/g;

export function maskVolatile(text: string): string {
  return text
    .replace(VOLATILE, (_match, ...groups: unknown[]) => NAMES[groups.findIndex((group) => group !== undefined)] ?? '')
    .replace(TEMPORARY_NAMES, (path) => path.replace(MADE_UP, '<id>'));
}
