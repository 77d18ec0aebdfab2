/**
 * When two calls are the same call. Paths are relative to the folder the call ran in, blanks outside quotes count once,
 * what is volatile is masked, what the client adds for itself is left out. Plain numbers stay: an offset or a range of
 * lines makes another call.
 */
import { posix } from 'node:path';
import { digest } from './digest.ts';
import type { ToolCall } from './happening.ts';
import { insideFolder } from './inside-folder.ts';
import { maskVolatile } from './volatile.ts';

/** Said for the person who watches, or about how long to wait: the same call with or without them. */
const NOISE = new Set(['description', 'timeout', 'run_in_background', 'dangerouslyDisableSandbox', 'title']);
/** What is written is taken as it is: there a time or a blank may be the whole change. */
const WRITTEN = new Set(['content', 'old_string', 'new_string', 'new_source']);
const PATH_KEYS = new Set(['file_path', 'notebook_path', 'path', 'file', 'directory', 'cwd']);

/** Longer texts (a file that is written) are told by a digest. */
const LONG_TEXT = 400;
/** Beyond this a text is not read, only digested. */
const READ_LIMIT = 50_000;
/** An input deeper than this is nobody's. */
const MAX_DEPTH = 6;
/** Characters of an identity; what is longer ends in a digest. */
const MAX_LENGTH = 2000;

/** The identity of a call: equal for calls that ask for the same thing. At most 2,000 characters. */
export function normalInput(tool: string, input: Record<string, unknown>, cwd: string | null): string {
  const normal = Object.keys(input)
    .filter((key) => !NOISE.has(key) && input[key] !== undefined && input[key] !== null)
    .sort()
    .map((key) => `${key}=${normalValue(key, input[key], cwd, 0)}`)
    .join(' ');
  return clip(`${tool} ${normal}`.trimEnd());
}

/** The kind of a call: as `normalInput`, and numbers are masked too. */
export function callKind(call: Pick<ToolCall, 'tool' | 'input' | 'cwd'>): string {
  return normalInput(call.tool, call.input, call.cwd).replace(/(?<![A-Za-z_])\d+(?:\.\d+)*/g, '<n>');
}

function normalValue(key: string, value: unknown, cwd: string | null, depth: number): string {
  if (typeof value === 'string') {
    if (value.length > READ_LIMIT) return shorten(value);
    if (key === 'command') return shorten(normalCommand(value, cwd));
    if (PATH_KEYS.has(key)) return maskVolatile(normalPath(value, cwd));
    return shorten(WRITTEN.has(key) ? value : maskVolatile(insideFolder(value, cwd)));
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? '';
  if (depth >= MAX_DEPTH) return `#${digest(JSON.stringify(value))}`;
  if (Array.isArray(value))
    return shorten(`[${value.map((item) => normalValue(key, item, cwd, depth + 1)).join(',')}]`);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return shorten(`{${entries.map(([name, item]) => `${name}=${normalValue(name, item, cwd, depth + 1)}`).join(' ')}}`);
}

function normalCommand(command: string, cwd: string | null): string {
  return maskVolatile(insideFolder(withoutOwnFolder(collapseBlanks(command), cwd), cwd));
}

/** `cd <where it is anyway> && …` says nothing. */
function withoutOwnFolder(command: string, cwd: string | null): string {
  const found = /^cd (?:"([^"]{1,4096})"|'([^']{1,4096})'|([^\s;&|"']{1,4096})) ?(?:&&|;) ?(?=\S)/.exec(command);
  if (!found) return command;
  const folder = found[1] ?? found[2] ?? found[3] ?? '';
  const own = folder === '.' || (cwd !== null && posix.resolve(cwd, folder) === posix.normalize(cwd));
  return own ? command.slice(found[0].length) : command;
}

/** Blanks outside quotes count once. Line ends stay: in a here-document and between commands they mean something. */
function collapseBlanks(text: string): string {
  return text
    .trim()
    .replace(/[ \t\r]*\n[ \t\r\n]*|(?:\\\r?\n|[ \t\r])+|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]/g, (piece) => {
      if (/^['"]/.test(piece)) return piece;
      if (/^[ \t\r]*\n/.test(piece)) return '\n';
      return /^\\[^\r\n]/.test(piece) ? piece : ' ';
    });
}

function normalPath(path: string, cwd: string | null): string {
  const normal = posix.normalize(path).replace(/(?<=.)\/+$/, '');
  if (cwd === null) return normal;
  const relative = posix.relative(cwd, posix.resolve(cwd, normal));
  return relative.startsWith('..') ? posix.resolve(cwd, normal) : relative || '.';
}

function shorten(text: string): string {
  return text.length > LONG_TEXT ? `${text.slice(0, 80)}…#${digest(text)}` : text;
}

function clip(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 13)}#${digest(text)}` : text;
}
