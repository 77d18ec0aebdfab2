/**
 * Text with its numbers replaced by ones of the same shape: what differs in nothing but numbers becomes equal before anything
 * is parsed, and is parsed once. Every step after it asks how many digits there are and never which, so it decides the same:
 * digits inside of words and tokens, which may be part of a name or of a secret's shape, stay as they are.
 */

const UUID = '(?<![0-9A-Za-z])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9A-Za-z])';
const HEX = '(?<![0-9A-Za-z])(?=[a-f]{0,40}\\d)(?=\\d{0,40}[a-f])[0-9a-f]{16,64}(?![0-9A-Za-z])';
const IPV4 = '(?<![\\w.-])\\d{1,3}(?:\\.\\d{1,3}){3}(?![\\w.])';
/** A number on its own, with a unit, or at the end of a word. */
const NUMBER =
  '(?<![A-Za-z0-9])\\d+(?:(?![A-Za-z0-9])|(?=(?:[mun]?s|m|h|[KMG]i?B)(?![A-Za-z0-9_])))|(?<=[A-Za-z])\\d{1,3}(?![\\w-])';
const NUMBERS = new RegExp(`(${UUID})|(${HEX})|(${IPV4})|${NUMBER}`, 'g');

const ONES = Array.from({ length: 21 }, (_, length) => '1'.repeat(length));
const HEX_WORD = 'a1'.repeat(32);

/** The one shape above that needs no digit. */
const LETTERS_UUID = /[a-f]{8}-[a-f]{4}-/;

export function canonicalNumbers(text: string): string {
  if (LETTERS_UUID.test(text)) return inWord(text);
  let out = '';
  let done = 0;
  // No shape reaches beyond a word, and each has a digit: the words without one are passed over.
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let begin = at;
    while (begin > done && isWord(text.charCodeAt(begin - 1))) begin--;
    let digits = begin === at;
    let end = at + 1;
    for (let code = text.charCodeAt(end); isWord(code); code = text.charCodeAt(++end)) digits &&= isDigit(code);
    out += text.slice(done, begin) + (digits ? ones(end - begin) : inWord(text.slice(begin, end)));
    done = end;
    at = end;
  }
  return done === 0 ? text : out + text.slice(done);
}

function inWord(text: string): string {
  return text.replace(NUMBERS, (match, uuid?: string, hex?: string, ip?: string) => {
    if (uuid !== undefined) return 'a1a1a1a1-a1a1-41a1-81a1-a1a1a1a1a1a1';
    if (hex !== undefined) return HEX_WORD.slice(0, hex.length);
    return ip === undefined ? ones(match.length) : '1.1.1.1';
  });
}

function ones(length: number): string {
  return ONES[Math.min(length, 20)] ?? '';
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** `[\w.-]`; false behind the end of a text. */
function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    isDigit(code) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    code === 0x2e ||
    code === 0x2d
  );
}
