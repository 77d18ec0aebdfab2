/** The command behind a prefix, a launcher, `find -exec`, `xargs` and `parallel`. */
import { join } from 'node:path';
import type { SimpleCommand, Word } from '../shell.ts';
import { LAUNCHERS, type Prefix } from './programs.ts';

const STARTS_SHELL = /^(sudo|doas|su|unshare|nsenter|chroot|setpriv|systemd-run|script|dbus-run-session)$/;
const UNKNOWN: Word = { text: '$…', literal: false };

/** `env A=1 nice cmd`: what comes after the prefix's own words. */
export function suffixes(command: SimpleCommand, name: string, prefix: Prefix): SimpleCommand[] {
  const { words } = command;
  if (name === 'command' && /^-[vV]/.test(words[1]?.text ?? '')) return [];
  const assignments = [...command.assignments];
  let folder = command.folder;
  let unsure = false;
  let at = 1;
  let left = prefix.operands ?? 0;
  for (; at < words.length; at++) {
    const { text } = words[at] ?? UNKNOWN;
    if (text === '--') continue;
    if (prefix.valued?.includes(text)) {
      at++;
      if (/^(-C|--chdir|-D)$/.test(text)) folder = inFolder(folder, words[at]);
    } else if (/^--chdir=/.test(text)) folder = inFolder(folder, { ...UNKNOWN, ...words[at], text: text.slice(8) });
    else if (/^-/.test(text))
      unsure ||= !/^--[\w-]+=|^-[a-zA-Z]\d+$|^-\d+$/.test(text) && !prefix.valued?.includes(text.slice(0, 2));
    else if (/^[A-Za-z_]\w*=/.test(text) && left === 0) assignments.push(text);
    else if (left > 0) left--;
    else break;
  }
  const rest = words.slice(at);
  if (rest.length === 0) {
    // Without a command they start a shell, which reads what is piped to them.
    const words = STARTS_SHELL.test(name) && takesInput(command) ? [{ text: 'sh', literal: true }] : [];
    return [{ ...command, assignments, words, redirects: [] }];
  }
  const inner: SimpleCommand = {
    ...command,
    assignments,
    redirects: [],
    ...(folder !== undefined && { folder }),
    ...(/^g?timeout$/.test(name) && { timed: true }),
  };
  // An option that is not known may have taken the next word as its value: what follows may be the command as well.
  const starts = unsure ? Math.min(rest.length, 4) : 1;
  return Array.from({ length: starts }, (_, index) => ({ ...inner, words: rest.slice(index) })).filter(
    ({ words: [first] }, index) => index === 0 || first?.literal,
  );
}

function takesInput(command: SimpleCommand): boolean {
  return (
    command.stdin !== undefined ||
    command.pipedInput === true ||
    command.redirects.some(({ operator }) => operator === '<')
  );
}

/** `poetry run pytest`, `docker exec c cmd`, `python -m twine`, `git bisect run cmd`; undefined for everything else. */
export function launched(command: SimpleCommand, name: string): SimpleCommand[] | undefined {
  const inner = { ...command, redirects: [] };
  const { words } = command;
  const launcher = LAUNCHERS[name];
  if (launcher) {
    const at = words.findIndex((word, index) => index > 0 && launcher.sub.test(word.text));
    // Only options may stand before the sub-command.
    if (
      at < 0 ||
      !words.slice(1, at).every((word, index) => /^-/.test(word.text) || /^-/.test(words[index]?.text ?? ''))
    )
      return undefined;
    return suffixes({ ...inner, words: words.slice(at) }, name, launcher);
  }
  if (/^(python[\d.]*|pypy\d*|py)$/.test(name)) {
    const at = words.findIndex((word) => word.text === '-m');
    return at > 0 && words.slice(1, at).every((word) => /^-/.test(word.text))
      ? [{ ...inner, words: words.slice(at + 1) }]
      : undefined;
  }
  if (/^(docker|podman|nerdctl)$/.test(name)) return inContainer(inner);
  if (/^(fd|fdfind)$/.test(name)) {
    const at = words.findIndex((word) => /^(-x|-X|--exec|--exec-batch)$/.test(word.text));
    return at > 0 ? [{ ...inner, words: [...words.slice(at + 1), UNKNOWN] }] : undefined;
  }
  if (name === 'git') {
    const at = words.findIndex((word, index) => word.text === 'run' && words[index - 1]?.text === 'bisect');
    if (at > 0) return [{ ...inner, words: words.slice(at + 1) }];
    const each = words.findIndex((word, index) => word.text === 'foreach' && words[index - 1]?.text === 'submodule');
    if (each > 0) return [{ ...inner, words: byShell(words.slice(each + 1).filter(notOption)) }];
  }
  if (/^ld(-[\w.-]+)?\.so(\.\d+)?$/.test(name)) return [{ ...inner, words: words.slice(1).filter(notOption) }];
  return undefined;
}

/** Words that the program joins and gives to a shell. */
function byShell(words: Word[]): Word[] {
  if (words.every((word) => word === UNKNOWN || /^[\w@%+=:,./{}-]*$/.test(word.text))) return words;
  const text = words.map((word) => word.text).join(' ');
  return [
    { text: 'sh', literal: true },
    { text: '-c', literal: true },
    { text, literal: words.every((word) => word.literal) },
  ];
}

function notOption(word: Word): boolean {
  return !word.text.startsWith('-');
}

function inContainer(command: SimpleCommand): SimpleCommand[] | undefined {
  const words = command.words.map((word) => word.text);
  const at = words.findIndex((text) => /^(exec|run)$/.test(text));
  if (at < 0) return undefined;
  // Which word is the image or container depends on the options; each word behind it may start the command.
  const starts = command.words
    .flatMap((word, index) => (index > at && !word.text.startsWith('-') ? [index] : []))
    .slice(1, 9);
  return starts
    .filter((start) => command.words[start]?.literal)
    .map((start) => ({ ...command, words: command.words.slice(start), elsewhere: true }));
}

/** `find … -exec CMD {} ;`: both the find and what it runs, with the folders that it goes through for `{}`. */
export function find(command: SimpleCommand): { commands: SimpleCommand[]; keepsOuter: SimpleCommand } | undefined {
  const { words } = command;
  const commands: SimpleCommand[] = [];
  const roots = findRoots(words);
  for (let at = 1; at < words.length; at++) {
    if (!/^-(exec|execdir|ok|okdir)$/.test(words[at]?.text ?? '')) continue;
    const rest = words.slice(at + 1);
    const end = rest.findIndex(
      (word, index) => word.text === ';' || (word.text === '+' && rest[index - 1]?.text === '{}'),
    );
    const own = end < 0 ? rest : rest.slice(0, end);
    commands.push({ ...command, redirects: [], words: own.flatMap((word) => found(word, roots)) });
    at += own.length;
  }
  return commands.length > 0 ? { commands, keepsOuter: command } : undefined;
}

function found(word: Word, roots: Word[]): Word[] {
  if (word.text === '{}')
    return roots.map((root) => ({ text: join(root.text, '*'), literal: false, ...(root.literal && { glob: true }) }));
  return word.text.includes('{}') ? [{ ...word, literal: false }] : [word];
}

/** The folders that `find` goes through. */
export function findRoots(words: readonly Word[]): Word[] {
  const end = words.findIndex((word, index) => index > 0 && /^(-[^HLPDO]|\(|!)/.test(word.text));
  const roots = words.slice(1, end < 0 ? undefined : end).filter(notOption);
  return roots.length > 0 ? roots : [{ text: '.', literal: true }];
}

const XARGS_VALUED = [
  '-n',
  '-P',
  '-L',
  '-d',
  '-E',
  '-s',
  '-a',
  '-I',
  '-J',
  '--arg-file',
  '--max-args',
  '--max-procs',
  '--delimiter',
  '--max-lines',
];

export function xargs(command: SimpleCommand): SimpleCommand[] {
  const options = ownOptions(command.words, XARGS_VALUED);
  const option = options.find((text) => /^(-I|--replace|-i|-J)/.test(text)) ?? '';
  const attached = option.replace(/^(-I|--replace=?|-i|-J)/, '');
  const mark =
    option === '' ? undefined : attached || (/^(-I|-J)$/.test(option) ? options[options.indexOf(option) + 1] : '{}');
  const { stdin: _, stdinUnknown: __, pipedInput: ___, ...bare } = command;
  const runs = suffixes(bare, 'xargs', { valued: XARGS_VALUED });
  const given = mark === undefined ? fromInput(command, options) : [];
  return runs.map((run) => {
    const words = run.words.length > 0 ? run.words : [{ text: 'echo', literal: true }];
    const marked = words.map((word) => (mark && word.text.includes(mark) ? { ...word, literal: false } : word));
    return { ...run, words: [...marked, ...given] };
  });
}

/** The words before the command that a prefix runs, values of options among them. */
function ownOptions(words: readonly Word[], valued: readonly string[]): string[] {
  let at = 1;
  while (at < words.length && words[at]?.text.startsWith('-')) at += valued.includes(words[at]?.text ?? '') ? 2 : 1;
  return words.slice(1, at).map((word) => word.text);
}

/** The operands that `xargs` adds; one unknown word where its input is not known. */
function fromInput(command: SimpleCommand, options: readonly string[]): Word[] {
  const { stdin, stdinUnknown } = command;
  const cuts = options.some((text) => /^-([nLda0]|-)/.test(text));
  if (stdin === undefined || stdinUnknown || cuts || /['"\\]/.test(stdin)) return [UNKNOWN];
  return stdin.split(/\s+/).flatMap((text) => (text === '' ? [] : [{ text, literal: true }]));
}

export function parallel(command: SimpleCommand): SimpleCommand[] {
  const at = command.words.findIndex((word) => /^::::?\+?$/.test(word.text));
  const head = { ...command, redirects: [], words: at < 0 ? command.words : command.words.slice(0, at) };
  const values = at < 0 || command.words[at]?.text.startsWith('::::') ? [UNKNOWN] : command.words.slice(at + 1);
  const runs = suffixes(head, 'parallel', { valued: ['-j', '--jobs', '-a', '--colsep', '-N', '-n', '-I'] });
  return runs.flatMap((run) =>
    values.slice(0, 50).map((value) => {
      const marked = run.words.some((word) => word.text.includes('{'));
      const words = run.words.map((word) => (word.text.includes('{') ? { ...word, literal: false } : word));
      // GNU parallel gives its words to a shell.
      return { ...run, words: byShell([...words, ...(marked ? [] : [value])]) };
    }),
  );
}

function inFolder(folder: string | null | undefined, word: Word | undefined): string | null {
  if (!word?.literal || folder === null) return null;
  return word.text.startsWith('/') ? word.text : join(folder ?? '', word.text);
}
