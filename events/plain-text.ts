/** Bytes that came as text, made readable: colours, control characters, NULs and foreign line ends go. */

const ESC = '\\u001b';
const ANSI = new RegExp(
  `${ESC}\\[[0-?]{0,40}[ -/]{0,4}[@-~]|${ESC}\\][^\\u0007${ESC}]{0,500}(?:\\u0007|${ESC}\\\\)|${ESC}[@-Z\\\\-_]`,
  'g',
);
/** All controls but tab and line feed, and U+FEFF. */
const CONTROLS = /(?:(?![\t\n])[\p{Cc}\ufeff])+/gu;
const ANY_CONTROL = /(?![\t\n])[\p{Cc}\ufeff]/u;

/** Lines end with `\n` alone. Replacement characters of invalid UTF-8 stay: they show that something was there. */
export function toPlainText(text: string): string {
  // Colours and foreign line ends begin with one too.
  if (!ANY_CONTROL.test(text)) return text;
  return text.replace(ANSI, '').replace(/\r\n?/g, '\n').replace(CONTROLS, '');
}

/** On one line of at most `max` UTF-16 units, its end left out; without what a terminal would obey. */
export function oneLine(text: string, max: number): string {
  const line = text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > max ? `${line.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : line;
}

/** At most `max` UTF-16 units: the beginning and, after a mark, the end; a pair of surrogates is not cut apart. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const mark = '\n[…]\n';
  const tail = Math.floor((max - mark.length) / 4);
  const head = max - mark.length - tail;
  return (text.slice(0, head) + mark + text.slice(-tail)).replace(
    /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
    '',
  );
}
