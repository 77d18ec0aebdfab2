/** The paths that a shell command would write, move, remove or change, as far as its words tell. */
import type { SimpleCommand, Word } from './shell.ts';

const ALL_OPERANDS = new Set([
  'tee',
  'rm',
  'rmdir',
  'mkdir',
  'touch',
  'truncate',
  'unlink',
  'shred',
  'mv',
  'sponge',
  'mkfifo',
  'chattr',
]);
const LAST_OPERAND = new Set(['cp', 'ln', 'install', 'rsync', 'link']);
const AFTER_FIRST = new Set(['chmod', 'chown', 'chgrp', 'setfacl']);

export function writeTargets(command: SimpleCommand, name: string): Word[] {
  const targets = command.redirects
    .filter((redirect) => redirect.operator.includes('>'))
    .map((redirect) => redirect.target);
  const words = command.words.slice(1);
  const operands = words.filter((word) => !word.text.startsWith('-'));
  if (ALL_OPERANDS.has(name)) targets.push(...operands);
  if (LAST_OPERAND.has(name)) targets.push(...operands.slice(-1), ...optionValue(words, /^(-t|--target-directory)$/));
  if (AFTER_FIRST.has(name)) targets.push(...operands.slice(1));
  if (name === 'dd')
    targets.push(
      ...operands.filter((word) => word.text.startsWith('of=')).map((word) => ({ ...word, text: word.text.slice(3) })),
    );
  if (/^(sed|perl|ruby)$/.test(name) && words.some((word) => /^(-[a-zA-Z]*i|--in-place)/.test(word.text)))
    targets.push(...operands.slice(words.some((word) => /^(-e|-f|--expression)/.test(word.text)) ? 0 : 1));
  if (/^(curl|wget)$/.test(name))
    targets.push(
      ...optionValue(words, /^(-o|-O|--output|--output-document)$/).filter((word) => !word.text.startsWith('http')),
    );
  if (name === 'tar' || name === 'unzip') targets.push(...optionValue(words, /^(-C|-d|--directory)$/));
  if (name === 'patch') targets.push(...operands.slice(0, 1), ...optionValue(words, /^(-o|-d|--directory|--output)$/));
  if (name === 'find' && words.some((word) => /^-(delete|fprint|fls|fprintf)/.test(word.text)))
    targets.push(...operands.slice(0, 1));
  if (name === 'sort') targets.push(...optionValue(words, /^(-o|--output)$/));
  if (name === 'git')
    targets.push(
      ...optionValue(words, /^(-o|--output|--output-directory)$/),
      ...words
        .filter((word) => /^--output=/.test(word.text))
        .map((word) => ({ ...word, text: word.text.slice('--output='.length) })),
    );
  return targets;
}

function optionValue(words: Word[], option: RegExp): Word[] {
  return words.flatMap((word, index) => (option.test(word.text) ? words.slice(index + 1, index + 2) : []));
}
