/** The paths that a shell command would write, move, remove or change, as far as its words tell. */
import { readAwkProgram } from './commands/awk-program.ts';
import { sedScripts } from './commands/inline-code.ts';
import { operandsOf } from './commands/operands.ts';
import { readSedScript } from './commands/sed-script.ts';
import type { SimpleCommand, Word } from './shell.ts';
import { findRoots } from './wrappers/launched.ts';
import { unpacked } from './write-targets/archives.ts';
import { downloads } from './write-targets/downloads.ts';
import { formatted } from './write-targets/formatters.ts';
import { installed } from './write-targets/installers.ts';

export interface WriteTarget extends Word {
  /** Only a folder is made or put there: what matters is where it is, not whether it was diagnosed. */
  placeOnly?: boolean;
  /** Where it is a folder: the names that are put into it. */
  into?: string[];
}

const ALL_OPERANDS =
  /^(tee|rm|rmdir|touch|truncate|unlink|shred|mv|sponge|mkfifo|mknod|chattr|trash|gio|srm|rename|prename|dos2unix|unix2dos|fallocate|strip|gzip|gunzip|bzip2|bunzip2|xz|unxz|zstd|compress|uncompress|wipe)$/;
const LAST_OPERAND = /^(cp|ln|install|rsync|link|scp|gcp)$/;
const AFTER_FIRST = /^(chmod|chown|chgrp|setfacl|setfattr)$/;
/** Options with a value that names a file to write. */
const OUTPUT_OPTIONS: Readonly<Record<string, RegExp>> = {
  sort: /^(-o|--output)$/,
  gcc: /^-o$/,
  cc: /^-o$/,
  clang: /^-o$/,
  'g++': /^-o$/,
  go: /^(-o|-coverprofile|-cpuprofile|-memprofile)$/,
  jq: /^$/,
  patch: /^(-o|--output|-r|--reject-file)$/,
  csplit: /^(-f|--prefix)$/,
  pandoc: /^(-o|--output)$/,
  openssl: /^-out$/,
  magick: /^-write$/,
  tree: /^-o$/,
  strace: /^-o$/,
  time: /^(-o|--output)$/,
  gtime: /^(-o|--output)$/,
  esbuild: /^(--outfile|--outdir)$/,
  bison: /^(-o|--output)$/,
  xmllint: /^(-o|--output)$/,
  iconv: /^(-o|--output)$/,
  git: /^(-o|--output|--output-directory)$/,
  logger: /^$/,
};

export function writeTargets(command: SimpleCommand, name: string): WriteTarget[] {
  const words = command.words.slice(1);
  return [
    ...command.redirects.filter((redirect) => redirect.operator.includes('>')).map((redirect) => redirect.target),
    ...byOperands(command, name, words),
    ...optionValues(words, OUTPUT_OPTIONS[name]),
    ...inPlace(command, name, words),
    ...downloads(command, name),
    ...unpacked(command, name),
    ...formatted(command, name),
    ...installed(command, name),
  ];
}

function byOperands(command: SimpleCommand, name: string, words: Word[]): WriteTarget[] {
  const operands = operandsOf(command);
  if (name === 'mkdir') return operands.map((word) => ({ ...word, placeOnly: true }));
  if (ALL_OPERANDS.test(name)) {
    if (
      /^(gzip|bzip2|xz|zstd|gunzip)$/.test(name) &&
      words.some((word) => /^(-\w*[ctl]\w*|--stdout|--list|--test)$/.test(word.text))
    )
      return [];
    if (name === 'truncate' || name === 'fallocate')
      return operands.filter((_, index) => !/^(-s|-r|-l|-o)$/.test(before(words, operands, index)));
    if (name === 'touch')
      return operands.filter((_, index) => !/^(-d|-t|-r|--date|--reference)$/.test(before(words, operands, index)));
    if (name !== 'mv') return operands;
    const last = targetFolder(words)[0] ?? operands.at(-1);
    return [...operands, ...targetFolder(words)].map((word) =>
      word === last ? { ...word, into: namesOf(operands, word) } : word,
    );
  }
  if (LAST_OPERAND.test(name)) {
    const folder = targetFolder(words);
    if (name === 'install' && words.some((word) => /^(-d|--directory)$/.test(word.text))) return operands;
    if (name === 'ln' && operands.length === 1)
      return operands.map((word) => ({ ...word, text: word.text.replace(/^.*\//s, '') }));
    return (folder.length > 0 ? folder : operands.slice(-1)).map((word) => ({
      ...word,
      into: namesOf(operands, word),
    }));
  }
  if (AFTER_FIRST.test(name)) return operands.slice(words.some((word) => /^--reference/.test(word.text)) ? 0 : 1);
  if (name === 'dd')
    return words.filter((word) => word.text.startsWith('of=')).map((word) => ({ ...word, text: word.text.slice(3) }));
  if (name === 'split') return operands.length > 1 ? operands.slice(1, 2) : [{ text: 'xaa', literal: true }];
  if (name === 'csplit' && !words.some((word) => /^(-f|--prefix)/.test(word.text)))
    return [{ text: 'xx00', literal: true }];
  // Behind `python -m`.
  if (name === 'venv') return operands;
  if (name === 'json.tool') return operands.slice(1, 2);
  if (/^(zipfile|tarfile)$/.test(name))
    return words.some((word) => /^(-c|--create)$/.test(word.text))
      ? operands.slice(0, 1)
      : words.some((word) => /^(-e|--extract)$/.test(word.text))
        ? [operands[1] ?? { text: '.', literal: true }]
        : [];
  if (name === 'uniq') return operands.slice(1, 2);
  if (/^(sqlite3?|duckdb)$/.test(name)) return writesDatabase(command, words) ? operands.slice(0, 1) : [];
  if (name === 'find') return findWrites(command);
  if (/^(fd|fdfind)$/.test(name)) return [];
  if (/^(ed|ex|vi|vim|nvim|nano|emacs)$/.test(name)) return operands;
  return [];
}

/** The last parts of all operands but `target`. */
function namesOf(operands: Word[], target: Word): string[] {
  return operands.filter((word) => word !== target).map((word) => word.text.replace(/\/+$/, '').replace(/^.*\//s, ''));
}

function before(words: Word[], operands: Word[], index: number): string {
  const operand = operands[index];
  return operand ? (words[words.indexOf(operand) - 1]?.text ?? '') : '';
}

function targetFolder(words: Word[]): Word[] {
  return optionValues(words, /^(-t|--target-directory)$/);
}

function writesDatabase(command: SimpleCommand, words: Word[]): boolean {
  const text = [...words.map((word) => word.text), command.stdin ?? ''].join(' ');
  return (
    !words.some((word) => /^-readonly$/.test(word.text)) &&
    (/\b(insert|update|delete|drop|create|alter|replace|vacuum|attach)\b/i.test(text) || command.pipedInput === true)
  );
}

function findWrites(command: SimpleCommand): WriteTarget[] {
  const { words } = command;
  const files = words.flatMap((word, index) =>
    /^-(fprint0?|fls|fprintf)$/.test(word.text) ? words.slice(index + 1, index + 2) : [],
  );
  if (!words.some((word) => word.text === '-delete')) return files;
  return [...files, ...findRoots(words)];
}

/** `sed -i`, `perl -i`, `ruby -i`, `awk -i inplace`, and the files that sed and awk programs write themselves. */
function inPlace(command: SimpleCommand, name: string, words: Word[]): WriteTarget[] {
  if (/^(sed|gsed)$/.test(name)) {
    const scripts = sedScripts(command);
    const inside = scripts.flatMap((script) =>
      readSedScript(script.text).writes.map((text) => ({ text, literal: script.literal })),
    );
    const edits = words.some((word) => /^(-[a-zA-Z]*i|--in)/.test(word.text) && !/^-[a-zA-Z]*[ef]./.test(word.text));
    if (!edits) return inside;
    const named = words.some((word) => /^(-[a-zA-Z]*[ef]$|--expression|--file)/.test(word.text));
    const operands = operandsOf(command).filter(
      (word) => !scripts.includes(word) && !/^(-[a-zA-Z]*f|--file)$/.test(words[words.indexOf(word) - 1]?.text ?? ''),
    );
    return [...inside, ...(named ? operands : operands)];
  }
  if (
    /^(perl[\d.]*|ruby)$/.test(name) &&
    words.some((word) => /^-[a-zA-Z0-9]*i/.test(word.text) && !/^-[IM]/.test(word.text))
  ) {
    const code = words.findIndex((word) => /^-[a-zA-Z0-9.]*[eE]$/.test(word.text));
    return words.filter((word, index) => index !== code + 1 && !word.text.startsWith('-'));
  }
  if (/^[gmn]?awk$/.test(name)) return awkWrites(command, words);
  return [];
}

function awkWrites(command: SimpleCommand, words: Word[]): WriteTarget[] {
  const operands = operandsOf(command).filter(
    (word) => !/^(-F|-v|-i|-f)$/.test(words[words.indexOf(word) - 1]?.text ?? ''),
  );
  const program = operands[0];
  const inside = program ? readAwkProgram(program.text).writes : [];
  const targets = inside
    .filter((text) => text === null || !/^\/dev\/(stdout|stderr|null)$/.test(text))
    .map((text) => (text === null ? { text: 'a file of the awk program', literal: false } : { text, literal: true }));
  const edits = words.some(
    (word, index) => word.text === 'inplace' && /^(-i|--include)$/.test(words[index - 1]?.text ?? ''),
  );
  return edits ? [...targets, ...operands.slice(1)] : targets;
}

/** Values of an option: `-o file`, `-ofile`, `--output=file`. */
export function optionValues(words: readonly Word[], option: RegExp | undefined): Word[] {
  if (!option) return [];
  return words.flatMap((word, index) => {
    if (option.test(word.text)) return words.slice(index + 1, index + 2);
    const [, head = '', value = ''] =
      /^(--[\w-]+)=(.*)$/s.exec(word.text) ?? /^(-[a-zA-Z])(.+)$/s.exec(word.text) ?? [];
    return option.test(head) ? [{ ...word, text: value }] : [];
  });
}
