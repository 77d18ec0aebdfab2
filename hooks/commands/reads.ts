/** Holds what a command would show or copy against the places that a healing agent may not read: the user's keys. */
import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';
import type { Denial } from '../rules.ts';
import { programName } from '../shell/program-name.ts';
import { readShell, type SimpleCommand, type Word } from '../shell.ts';
import { findRoots } from '../wrappers/launched.ts';
import { diskFiles } from './files.ts';
import { sedScripts } from './inline-code.ts';
import { operandsOf } from './operands.ts';
import type { CommandFiles } from './policy.ts';

/** Judges an absolute path, given as it was written: the denial, or undefined. */
type JudgeRead = (path: string) => Denial | undefined;

const SHOWS =
  /^(cat|tac|head|tail|less|more|most|bat|batcat|nl|od|xxd|hexdump|hd|base(32|64|nc)|strings|sort|uniq|cut|paste|join|comm|diff|diff3|sdiff|colordiff|cmp|rev|fold|fmt|pr|expand|unexpand|column|jq|yq|xq|view|[bx]?zcat|zless|zmore|gzip|bzip2|xz|zstd|openssl|gpg|ssh-keygen|split|csplit|iconv|source|\.|mapfile)$/;
const COPIES = /^(cp|mv|ln|link|install|rsync|scp|tar|bsdtar|zip|7z|7za|cpio|ditto|gcp)$/;
const SEARCHES = /^([efz]?grep|rg|rga|ag|ack|ugrep|zegrep|zfgrep)$/;
const PATTERN_OPTION = /^(-[a-zA-Z]*[ef]|--regexp(=.*)?|--file(=.*)?)$/s;
const SENDS = /^(curl|wget|wget2|http|https|xh|xhs)$/;

export function judgeReads(
  command: SimpleCommand,
  name: string,
  judgeRead: JudgeRead,
  files: CommandFiles,
): Denial | undefined {
  const below = goesDown(command, name) ? ['', '/.ssh'] : [''];
  for (const word of readBy(command, name))
    for (const part of below) {
      const problem = judgeFile(word, command.folder ?? '', (path) => judgeRead(path + part), files);
      if (problem) return problem;
    }
  return undefined;
}

/** The denial of one word that names what is read. */
export function judgeFile(word: Word, folder: string, judgeRead: JudgeRead, files: CommandFiles): Denial | undefined {
  for (const path of pathsOf(word, folder, files)) {
    const problem = judgeRead(path);
    if (problem) return problem;
  }
  return undefined;
}

/** The same for a whole command line, used before a fix is open. */
export function judgeReadsIn(
  text: string,
  folder: string,
  judgeRead: JudgeRead,
  files: CommandFiles = diskFiles,
): Denial | undefined {
  const reading = readShell(text, { folder, toplevel: folder });
  for (const command of reading.ok ? reading.commands : []) {
    const problem = judgeReads(command, programName(command.words[0]), judgeRead, files);
    if (problem) return problem;
  }
  return undefined;
}

/** Words that may name what is read. Too many do no harm: in the worktree everything may be read. */
function readBy(command: SimpleCommand, name: string): Word[] {
  const input = command.redirects.filter(({ operator }) => /^(<|<>)$/.test(operator)).map(({ target }) => target);
  return [...input, ...byWords(command, name)];
}

function byWords(command: SimpleCommand, name: string): Word[] {
  const words = command.words.slice(1);
  const operands = [...operandsOf(command), ...valuesOf(words)];
  if (SHOWS.test(name) || COPIES.test(name)) return operands;
  if (SEARCHES.test(name)) {
    const named = words.some(({ text }) => PATTERN_OPTION.test(text) || /^--files$/.test(text));
    return named ? operands : operands.filter((word) => word !== operandsOf(command)[0]);
  }
  if (/^g?sed$/.test(name)) return operands.filter((word) => !sedScripts(command).includes(word));
  if (/^([gmn]?awk|perl|ruby)$/.test(name)) return operands;
  if (name === 'dd') return assigned(words, /^if=/);
  // What it finds is handed on, to `-exec` or to the next command.
  if (/^(find|fd|fdfind)$/.test(name)) return name === 'find' ? findRoots(command.words) : operands;
  if (SENDS.test(name)) return [...operands.flatMap(sent), ...assigned(words, /^-[a-zA-Z]*[TKbE](?=.)/)];
  if (name === 'git' && words.some(({ text }) => /^(--no-index|hash-object)$/.test(text))) return operands;
  return [];
}

/** `--option=value`, and the value behind the first letter of a short option (`-f/a/b`). */
function valuesOf(words: readonly Word[]): Word[] {
  return [...assigned(words, /^--[\w-]+=/), ...assigned(words, /^-[a-zA-Z](?=[~/$])/)];
}

function assigned(words: readonly Word[], before: RegExp): Word[] {
  return words.flatMap((word) => (before.test(word.text) ? [{ ...word, text: word.text.replace(before, '') }] : []));
}

/** A client's argument names a file by itself, as `@file`, as `name=@file`, or as an address. */
function sent(word: Word): Word[] {
  const [, file = word.text] = /^(?:[\w.-]+=)?[@<](.+)$/s.exec(word.text) ?? /^file:\/\/(.*)$/s.exec(word.text) ?? [];
  return /^[a-z]+:\/\//i.test(file) ? [] : [{ ...word, text: file.replace(/;.*$/s, '') }];
}

/** It reads all that lies below a folder. */
function goesDown(command: SimpleCommand, name: string): boolean {
  if (/^(rg|rga|ag|ack|tar|bsdtar|rsync|7z|7za|ditto)$/.test(name)) return true;
  const recursive = command.words.some(({ text }) => /^(-[a-zA-Z]*[rRa][a-zA-Z]*|--recursive|--archive)$/.test(text));
  return recursive && /^([efz]?grep|ugrep|cp|gcp|zip|scp|diff)$/.test(name);
}

/** Absolute paths, as far as they can be known; the home folder is. */
function pathsOf({ text, literal, glob, produces }: Word, folder: string, files: CommandFiles): string[] {
  if (text === '' || text === '-' || produces !== undefined) return [];
  const atHome = literal ? text : text.replace(/^(~[\w.-]*|\$HOME|\$\{HOME\})(?=\/|$)/, homedir());
  if (!literal && !glob && atHome === text && !text.startsWith('/proc/')) return [];
  if (!isAbsolute(atHome) && folder === '') return [];
  const path = isAbsolute(atHome) ? atHome : `${folder}/${atHome}`;
  if (!/[*?[{(]/.test(path) || literal) return [path];
  // The folder before the pattern too: what matches may not be there yet.
  return [path.replace(/[^/]*[*?[{(].*$/s, '') || '/', ...(files.matches(path) ?? [])];
}
