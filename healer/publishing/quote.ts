/**
 * Puts foreign text (error messages, the agent's words, outputs) into Markdown so that it stays text: it cannot end its
 * own quoting, start a heading, mention a person, close an issue, or forge a trailer.
 */

/** One line, at most `limit` characters, control characters gone; for places where Markdown is not rendered too. */
export function oneLine(text: string, limit = 200): string {
  const flat = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this removes
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  return clip(flat, limit);
}

/** An inline code span whose delimiter is longer than any run of backticks inside. */
export function code(text: string, limit = 200): string {
  const line = oneLine(text, limit);
  if (line === '') return '(empty)';
  const ticks = '`'.repeat(longestRun(line, /`+/g) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** `code` inside a table cell, where a bar would end the cell even within a code span. */
export function cell(text: string, limit = 200): string {
  return code(text, limit).replace(/\|/g, '\\|');
}

/** A fenced block that its content cannot close, with its end kept when it is longer than `limit`. */
export function fence(text: string, limit = 4000, language = 'text'): string {
  const body = text.length > limit ? `[… ${text.length - limit} characters left out …]\n${text.slice(-limit)}` : text;
  const ticks = '`'.repeat(Math.max(3, longestRun(body, /`+/g) + 1));
  return `${ticks}${language}\n${body.replace(/\s+$/, '')}\n${ticks}`;
}

/** Prose of others as a block quote with everything active taken out of it. */
export function prose(text: string, limit = 2000): string {
  return clip(text, limit)
    .split('\n')
    .map((line) => `> ${inert(oneLine(line, limit))}`.trimEnd())
    .join('\n');
}

/** Escapes what Markdown, GitHub mentions and issue keywords would act on. */
export function inert(line: string): string {
  return line
    .replace(/[\\`*_[\]<>|~]/g, (character) => `\\${character}`)
    .replace(/@(?=[\w-])/g, '@\u200b')
    .replace(/#(?=\d)/g, '#\u200b')
    .replace(/^(#{1,6}|[-+=]|\d+[.)])(?=\s|$)/, '\\$1')
    .replace(/\b(https?):\/\//gi, '$1:\u200b//');
}

function clip(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

function longestRun(text: string, run: RegExp): number {
  return Math.max(0, ...(text.match(run) ?? []).map((found) => found.length));
}
