/** Text of others in Telegram's HTML: nothing in it becomes a link, a mention, a command or a number to call. */

export function escapedHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Inside of code Telegram reads nothing into a text. */
export function htmlCode(text: string): string {
  return `<code>${escapedHtml(text)}</code>`;
}

/** What Telegram makes entities of by itself. */
const ACTS = /[@#$/]|[\p{L}\d]\.[\p{L}\d]|\d{5,}/u;

/** As words where they can be words, else as code. */
export function htmlWords(text: string): string {
  return ACTS.test(text) ? htmlCode(text) : escapedHtml(text);
}
