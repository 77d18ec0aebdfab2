/** Text of others in Telegram's HTML: inside of code nothing becomes a link, a mention or a command. */

export function escapedHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function htmlCode(text: string): string {
  return `<code>${escapedHtml(text)}</code>`;
}
