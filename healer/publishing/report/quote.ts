/**
 * Puts foreign text (error messages, the agent's words, outputs) into Markdown so that it stays text: it cannot end its
 * own quoting, start a heading, mention a person, close an issue, or forge a trailer. A squash merge may make a commit
 * message of the raw Markdown, so what would act there (closing words, trailers) is taken apart in code and fences too.
 */
import { stripVTControlCharacters } from 'node:util';

/** Takes no room and parts what a forge would read as one. */
const PART = '\u200b';

/** One line, at most `limit` characters, control characters gone; for places where Markdown is not rendered too. */
export function oneLine(text: string, limit = 200): string {
  const room = 4 * limit + 400; // what is left out at the end is never looked at
  const flat = whole(text.slice(0, room))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this removes
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  return clip(text.length > room ? `${flat}…` : flat, limit);
}

/** An inline code span whose delimiter is longer than any run of backticks inside. */
export function code(text: string, limit = 200): string {
  const line = dull(oneLine(text, limit));
  if (line === '') return '(empty)';
  const ticks = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** `code` inside a table cell, where a bar would end the cell even within a code span; backslashes before one are lost. */
export function cell(text: string, limit = 200): string {
  return code(text, limit).replace(/\\*\|/g, '\\|');
}

/** A fenced block that its content cannot close, with its end kept when it is longer than `limit` characters. */
export function fence(text: string, limit = 4000, language = 'text'): string {
  const left = text.length - limit;
  const kept = plain(left > 0 ? text.slice(-limit) : text);
  const body = left > 0 ? `[… ${left} characters left out …]\n${kept}` : kept;
  const ticks = '`'.repeat(Math.max(3, longestRun(body) + 1));
  return `${ticks}${language}\n${body.replace(/\s+$/, '')}\n${ticks}`;
}

/** Prose of others as a block quote with everything active taken out of it. */
export function prose(text: string, limit = 2000): string {
  return clip(whole(text.slice(0, limit + 1)), limit)
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${inert(oneLine(line, limit))}`.trimEnd())
    .join('\n');
}

/** Escapes what Markdown, mentions, references and closing words would act on. For one line. */
export function inert(line: string): string {
  return line
    .replace(/@(?=[\w-])/g, `@${PART}`)
    .replace(/#(?=\w)/g, `#${PART}`)
    .replace(/GH-(?=\d)/gi, `$&${PART}`)
    .replace(/(https?|ftp):\/\//gi, `$1:${PART}//`)
    .replace(/www\.(?=\w)/gi, `www${PART}.`)
    .replace(/[\\`*[\]<|~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (character) => `\\${character}`)
    .replace(/^(?:#{1,6}|[-+=])(?=\s|$)|^(?:=+|-+)$|^>/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** A word of a shell that is taken as it stands. */
export function shellWord(text: string): string {
  return /^[\w./@%+:=,-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}

/** For a fence: colours and control characters gone, what hides or turns text around made visible. */
function plain(text: string): string {
  const clean = stripVTControlCharacters(whole(text))
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, (mark) => `<U+${mark.charCodeAt(0).toString(16).toUpperCase()}>`);
  return dull(clean).replace(/^Self-Healing-(?=[\w-]+:)/gim, `Self-${PART}Healing-`);
}

/** `fixes #12` says nothing to a forge any more. */
function dull(text: string): string {
  return text.replace(
    /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?=:?\s{1,9}(?:[\w./-]{0,140}#\d|GH-\d|https?:))/gi,
    `$&${PART}`,
  );
}

/** Without halves of characters, which no JSON and no forge takes. */
function whole(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

function clip(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
